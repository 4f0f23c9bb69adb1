-- Where the model of a space answers ('bundled', or a URL), so that a running service can follow the library to another model.
-- Empty: only the environment says so, as for every space made by a first start.
ALTER TABLE embedding_spaces ADD COLUMN endpoint text NOT NULL DEFAULT '';
