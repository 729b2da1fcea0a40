-- What people add. When the flights are imported anew, these rows move to the new file.

CREATE TABLE users (
    name     TEXT PRIMARY KEY,
    -- In the PHC format, which holds the algorithm, its parameters and the salt.
    password TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    -- The SHA-256 of the token in the cookie: who reads this table cannot use a session.
    token   BLOB PRIMARY KEY,
    account TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    -- Seconds since 1970.
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    id      INTEGER PRIMARY KEY,
    flight  INTEGER NOT NULL REFERENCES flights,
    kind    TEXT NOT NULL,
    text    TEXT NOT NULL,
    author  TEXT NOT NULL REFERENCES users,
    -- Seconds since 1970.
    written INTEGER NOT NULL
) STRICT;

CREATE INDEX notes_by_flight ON notes (flight);
