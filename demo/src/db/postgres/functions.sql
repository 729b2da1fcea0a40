-- What the queries use and only SQLite brings.

CREATE FUNCTION unixepoch() RETURNS BIGINT LANGUAGE sql STABLE
    RETURN CAST(extract(epoch FROM now()) AS BIGINT);

CREATE FUNCTION instr(text TEXT, part TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE
    RETURN strpos(text, part);
