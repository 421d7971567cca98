-- The register as one would build it in an afternoon: the current state of every unit, no history.
CREATE TABLE unit (
  nummer TEXT PRIMARY KEY, kind TEXT, parent TEXT, navn TEXT, ejerform TEXT, lovgrundlag TEXT, adm_kommune TEXT, inst_type TEXT,
  vej_navn TEXT, hus_nummer TEXT, post_nummer TEXT, by_navn TEXT, kommune TEXT, bredde TEXT, laengde TEXT, dawa_id TEXT,
  email TEXT, telefon TEXT, cvr TEXT, p_nummer TEXT
) WITHOUT ROWID;
CREATE TABLE staged AS SELECT * FROM unit;
CREATE TABLE closed (nummer TEXT PRIMARY KEY);
