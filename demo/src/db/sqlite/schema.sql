-- The tables of data/, column for column. STRICT makes the import check every value:
-- a text that is not a number is refused where a number belongs.

CREATE TABLE airlines (
    carrier TEXT PRIMARY KEY,
    name    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE airports (
    faa   TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    lat   REAL NOT NULL,
    lon   REAL NOT NULL,
    alt   INTEGER NOT NULL,
    tz    REAL,
    dst   TEXT,
    tzone TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE planes (
    tailnum      TEXT PRIMARY KEY,
    year         INTEGER,
    type         TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    model        TEXT NOT NULL,
    engines      INTEGER NOT NULL,
    seats        INTEGER NOT NULL,
    speed        INTEGER,
    engine       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE weather (
    origin     TEXT NOT NULL,
    year       INTEGER NOT NULL,
    month      INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    hour       INTEGER NOT NULL,
    temp       REAL,
    dewp       REAL,
    humid      REAL,
    wind_dir   INTEGER,
    wind_speed REAL,
    wind_gust  REAL,
    precip     REAL NOT NULL,
    pressure   REAL,
    visib      REAL NOT NULL,
    time_hour  TEXT NOT NULL,
    PRIMARY KEY (origin, time_hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE flights (
    -- The number of its row in the table, counted from 1: the data has no shorter name for a flight.
    id             INTEGER PRIMARY KEY,
    year           INTEGER NOT NULL,
    month          INTEGER NOT NULL,
    day            INTEGER NOT NULL,
    dep_time       INTEGER,
    sched_dep_time INTEGER NOT NULL,
    dep_delay      INTEGER,
    arr_time       INTEGER,
    sched_arr_time INTEGER NOT NULL,
    arr_delay      INTEGER,
    carrier        TEXT NOT NULL,
    flight         INTEGER NOT NULL,
    tailnum        TEXT,
    origin         TEXT NOT NULL,
    dest           TEXT NOT NULL,
    air_time       INTEGER,
    distance       INTEGER NOT NULL,
    hour           INTEGER NOT NULL,
    minute         INTEGER NOT NULL,
    time_hour      TEXT NOT NULL
) STRICT;
