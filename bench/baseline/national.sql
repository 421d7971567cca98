-- One night: the difference by sets, one SOAP message for each change, and the new state. Messages go into posts/, what curl
-- shall do with them into STEP.curl, parents before children and closes the other way. @url is where they are posted to, @ca whom to trust.
PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;

INSERT INTO issued
  SELECT leverandoer, lokal_id, printf('G%05d', 80000 + (SELECT count(*) FROM issued) + row_number() OVER ())
  FROM staged WHERE nummer = '' AND (leverandoer, lokal_id) NOT IN (SELECT leverandoer, lokal_id FROM issued);
UPDATE staged SET nummer = (SELECT nummer FROM issued AS i WHERE (i.leverandoer, i.lokal_id) = (staged.leverandoer, staged.lokal_id))
  WHERE nummer = '';
UPDATE staged SET over = (SELECT nummer FROM issued AS i WHERE (i.leverandoer, i.lokal_id) = (staged.leverandoer, staged.over_lokal_id))
  WHERE over = '' AND over_lokal_id <> '';
UPDATE staged SET over_lokal_id = '', lokal_id = '';

CREATE TEMP TABLE changed AS SELECT * FROM staged EXCEPT SELECT * FROM unit;
CREATE TEMP TABLE closed AS SELECT * FROM unit WHERE nummer NOT IN (SELECT nummer FROM staged);
CREATE TEMP TABLE change AS
  SELECT CASE WHEN u.nummer IS NULL THEN 'opret' WHEN u.over <> c.over THEN 'flyt' ELSE 'opdater' END AS operation, c.* FROM changed AS c LEFT JOIN unit AS u USING (nummer)
  UNION ALL SELECT 'nedlaeg', * FROM closed;

CREATE TEMP TABLE field AS
  SELECT nummer, 1 AS place, 'instnr' AS name, nummer AS value FROM change
  UNION ALL SELECT nummer, 2, 'instnavn', navn FROM change
  UNION ALL SELECT nummer, 3, 'type3', type3 FROM change
  UNION ALL SELECT nummer, 4, 'type3navn', tekst FROM change JOIN institutionstype ON kode = type3
  UNION ALL SELECT nummer, 5, 'adresse', trim(vej || ' ' || hus) || iif(etage || doer = '', '', ', ' || trim(iif(etage = '', '', etage || '. ') || doer)) FROM change
  UNION ALL SELECT nummer, 6, 'bynavn', bynavn FROM change
  UNION ALL SELECT nummer, 7, 'postnr', postnr FROM change
  UNION ALL SELECT nummer, 8, 'telefonnr', telefon FROM change
  UNION ALL SELECT nummer, 9, 'mailadresse', email FROM change
  UNION ALL SELECT nummer, 10, 'hovedinstitutionsnr', over FROM change
  UNION ALL SELECT nummer, 11, 'kommunenr', kommune FROM change
  UNION ALL SELECT nummer, 12, 'kommune', k.navn FROM change JOIN kommune AS k ON kode = kommune
  UNION ALL SELECT nummer, 13, 'admkommunenr', adm FROM change
  UNION ALL SELECT nummer, 14, 'admkommune', k.navn FROM change JOIN kommune AS k ON kode = adm
  UNION ALL SELECT nummer, 15, 'regionsnr', region_kode FROM change JOIN kommune ON kode = adm
  UNION ALL SELECT nummer, 16, 'region', region FROM change JOIN kommune ON kode = adm
  UNION ALL SELECT nummer, 17, 'enhedsart', enhedsart FROM change;
CREATE TEMP TABLE record AS
  SELECT nummer, group_concat(printf('<s:%s>%s</s:%s>', name, replace(replace(value, '&', '&amp;'), '<', '&lt;'), name), '') AS xml
  FROM (SELECT * FROM field WHERE value <> '' ORDER BY nummer, place) GROUP BY nummer;
CREATE TEMP TABLE post AS
  SELECT nummer, operation, xml,
    CASE operation WHEN 'opret' THEN level WHEN 'nedlaeg' THEN 6 - level ELSE 3 END AS step,
    (SELECT lower(printf('%s-%s-%s-%s-%s', hex(randomblob(4)), hex(randomblob(2)), hex(randomblob(2)), hex(randomblob(2)), hex(randomblob(6)))) WHERE nummer <> '') AS id
  FROM (SELECT *, CASE enhedsart WHEN 'Daginstitution' THEN 0 WHEN 'Anvisningsenhed' THEN 1 ELSE 2 END AS level FROM change) JOIN record USING (nummer);

SELECT count(writefile('posts/' || nummer || '.xml',
  '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:b="https://brugerdatabasen.stil.dk/bpi/common/3" xmlns:s="urn:dagtilbud:institutionsfeed:1"><e:Header><a:Action>urn:dagtilbud:institutionsfeed:1/indlaesInstitutionDelta</a:Action><a:To>' || @url || '</a:To><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><a:MessageID>urn:uuid:' || id || '</a:MessageID><b:UdbydersystemId>DSSYNC01</b:UdbydersystemId><w:Security e:mustUnderstand="1"><u:Timestamp><u:Created>' || strftime('%Y-%m-%dT%H:%M:%SZ', 'now') || '</u:Created><u:Expires>' || strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+5 minutes') || '</u:Expires></u:Timestamp></w:Security></e:Header><e:Body><s:indlaesInstitutionDelta deltaId="' || id || '" operation="' || operation || '" source="afternoon" sourceDateTime="' || strftime('%Y-%m-%dT%H:%M:%S', 'now', 'localtime') || '"><s:institution>' || xml || '</s:institution></s:indlaesInstitutionDelta></e:Body></e:Envelope>'))
FROM post;
SELECT count(writefile(step || '.curl', text)) FROM (
  SELECT step, group_concat(printf('url = "%s"' || char(10) || 'header = "Content-Type: application/soap+xml; charset=UTF-8"' || char(10) || 'data-binary = "@posts/%s.xml"' || char(10) || 'output = "answers/%s.xml"' || char(10) || 'cacert = "%s"' || char(10), @url, nummer, nummer, @ca), 'next' || char(10)) AS text
  FROM post GROUP BY step);

DELETE FROM unit WHERE nummer IN (SELECT nummer FROM closed);
INSERT OR REPLACE INTO unit SELECT * FROM changed;
COMMIT;
