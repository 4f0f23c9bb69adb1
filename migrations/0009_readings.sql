-- What came of reading an upload: the text that Open WebUI was given, and the pages that could not be read.

ALTER TABLE uploads
    -- A hash of the letters that Open WebUI was given as the file's text; '' when it had them from elsewhere. When its text is first
    -- looked at, other letters mean that somebody edited it before that.
    ADD COLUMN given_hash bytea NOT NULL DEFAULT '',
    -- Pages that cannot be read: [{"why": "damaged" | "pictures" | "slow", "pages": [from 0]}].
    ADD COLUMN unread     jsonb NOT NULL DEFAULT '[]';
