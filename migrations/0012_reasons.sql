-- Why an upload failed, so that it can be said in the reader's language: the code of the error.

ALTER TABLE uploads ADD COLUMN reason_code text NOT NULL DEFAULT '';
