-- Made after the import, when all rows can be sorted at once.

-- What a flight has in common with a row of weather.
CREATE INDEX IF NOT EXISTS flights_by_hour ON flights (origin, time_hour);
-- What a calendar needs, and the order in which flights are paged through.
CREATE INDEX IF NOT EXISTS flights_by_day ON flights (month, day, sched_dep_time);
CREATE INDEX IF NOT EXISTS flights_by_dest ON flights (dest);
CREATE INDEX IF NOT EXISTS flights_by_carrier ON flights (carrier);
CREATE INDEX IF NOT EXISTS flights_by_plane ON flights (tailnum);
