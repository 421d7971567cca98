-- The register as one would build it in an afternoon: the current state of every unit, and the numbers given out.
CREATE TABLE unit (
  leverandoer TEXT, nummer TEXT PRIMARY KEY, lokal_id TEXT, enhedsart TEXT, over TEXT, over_lokal_id TEXT, navn TEXT, adm TEXT, ejerform TEXT,
  lovgrundlag TEXT, type3 TEXT, vej TEXT, hus TEXT, etage TEXT, doer TEXT, postnr TEXT, bynavn TEXT, supplerende TEXT, kommune TEXT,
  bredde TEXT, laengde TEXT, dawa_id TEXT, email TEXT, telefon TEXT, cvr TEXT, p_nummer TEXT
) WITHOUT ROWID;
CREATE TABLE issued (leverandoer TEXT, lokal_id TEXT, nummer TEXT, PRIMARY KEY (leverandoer, lokal_id)) WITHOUT ROWID;
CREATE TABLE kommune (kode TEXT PRIMARY KEY, navn TEXT, region_kode TEXT, region TEXT);
CREATE TABLE institutionstype (kode TEXT PRIMARY KEY, tekst TEXT);
