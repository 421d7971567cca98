-- Diff by sets and upsert: new and changed rows replace, what no file mentions is closed.
PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;
CREATE TEMP TABLE changed AS SELECT * FROM staged EXCEPT SELECT * FROM unit;
INSERT INTO closed SELECT nummer FROM unit EXCEPT SELECT nummer FROM staged;
INSERT OR REPLACE INTO unit SELECT * FROM changed;
DELETE FROM unit WHERE nummer IN (SELECT nummer FROM closed);
COMMIT;
SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM closed);
