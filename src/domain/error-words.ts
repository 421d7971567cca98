import type { BilingualText } from './bilingual-text.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'

/*
 * What an error means and what to do about it, in Danish. An error's own hint is English and knows what it is about; this holds for every error
 * of its code, also for one that was kept long ago.
 */
const hints: Readonly<Record<ErrorCode | 'UNEXPECTED', string>> = {
  UNEXPECTED: 'en fejl hos os: find jobbet i loggen, gem linjen, og meld den',

  CONFIG_FILE_UNREADABLE: 'kontrollér stien, rettighederne for brugeren, som workeren kører som, og YAML-filens opbygning',
  CONFIG_SETTING_INVALID: 'ret den indstilling, som meddelelsen nævner',

  SFTP_HOST_UNREACHABLE: 'bliver det ved: kontrollér host og port, og spørg leverandøren, om serveren er oppe',
  SFTP_HOST_KEY_UNKNOWN: 'få fingeraftrykket fra leverandøren ad en anden vej, sammenlign, og sæt hostKeys.current',
  SFTP_HOST_KEY_CHANGED:
    'spørg leverandøren ad en anden vej; har de skiftet nøglen, så sæt hostKeys.next; har de ikke, kan nogen udgive sig for serveren',
  SFTP_LOGIN_REFUSED: 'kontrollér brugernavn og nøgle eller adgangskode med leverandøren, og om kontoen er låst',
  SFTP_DEADLINE_PASSED: 'bliver det ved: spørg, om serveren er oppe, og se på firewalls undervejs',
  SFTP_CONNECTION_LOST: 'bliver det ved: spørg, om serveren genstarter eller begrænser forbindelser',
  SFTP_FILE_TRUNCATED: 'bliver det ved: serveren siger ét og giver noget andet; leverandøren må se på det',
  SFTP_FILE_CHANGED: 'intet; bliver det ved, holder leverandøren aldrig op med at skrive i filen',
  SFTP_FILE_TOO_LARGE: 'spørg, hvad filen er; er den rigtig, så hæv grænsen sftp.maxFileBytes',
  SFTP_WRITE_FAILED: 'bed leverandøren se på rettigheder og plads i mappen',
  SFTP_CALL_FAILED: 'se meddelelsen: en mappe mangler, en rettighed mangler, eller serveren er for gammel',

  MAIL_SERVER_UNREACHABLE: 'kontrollér host, port, alerts.mail.security, serverens certifikat og alerts.mail.caFile',
  MAIL_LOGIN_REFUSED: 'kontrollér alerts.mail.username og adgangskoden med dem, der driver mailserveren',
  MAIL_MESSAGE_REFUSED: 'ret alerts.mail.from eller alerts.mail.to, eller spørg, om serveren videresender for denne maskine',
  WEBHOOK_UNREACHABLE: 'kontrollér alerts.webhook.url, netværket, certifikatet og alerts.webhook.caFile',
  WEBHOOK_MESSAGE_REFUSED: 'spørg dem, der modtager beskederne; 401 er for det meste hemmeligheden',

  STORE_BLOB_MISSING:
    'kontrollér, at dataDir er den rigtige mappe og er monteret; ellers hent files/ fra sikkerhedskopien, og sæt i kø igen',
  STORE_BLOB_CORRUPT: 'en disk eller en hånd har ændret dem: hent filen fra sikkerhedskopien, kontrollér disken, sæt i kø igen',
  STORE_WRITE_FAILED: 'gør plads, eller ret rettighederne til dataDir',

  REGISTER_VERSION_UNSAFE: 'installer den better-sqlite3, som package-lock.json nævner',
  REGISTER_OPEN_FAILED: 'kontrollér rettigheder og plads, og at filen er et register fra denne eller en tidligere version',
  REGISTER_VERSION_NEWER: 'kør den version eller en senere; skal du tilbage, så se docs/operations.md om opdatering',
  REGISTER_MIGRATION_FAILED:
    'se efter, om der er plads til et register til; kør indtil da den version, der skrev det, og meld fejlen',
  REGISTER_WRITE_FAILED: 'gør plads på disken, ret rettighederne til dataDir, og stop det, der holder registret låst',
  REGISTER_IN_USE: 'stop workeren og enhver kommando på denne datamappe, og prøv igen',
  REGISTER_STATE_UNEXPECTED: 'start workeren med den rolle, køen kræver; ellers gem logens linje, og meld den',
  REGISTER_STATE_MOVED: 'intet: det prøves igen af sig selv',

  BACKUP_WRITE_FAILED: 'kontrollér plads og rettigheder i mappen til sikkerhedskopier',
  BACKUP_UNUSABLE: 'tag en anden sikkerhedskopi, eller nævn den rigtige mappe: en med manifest.json',

  REDIS_WRITE_FAILED: 'giv Redis mere hukommelse og plads, og se, at den ikke er en replika, der kun kan læses',
  REDIS_UNREACHABLE: 'start Redis, eller ret redis.url; om vores egen står der mere i redis/redis.log i datamappen',
  REDIS_POLICY_UNSAFE: 'sæt noeviction, eller giv os en Redis for os selv',
  REDIS_VERSION_OLD: 'opdater Redis, eller brug Valkey',
  REDIS_NOT_INSTALLED: 'installer en (Debian: apt-get install redis-server), eller sæt redis.url',

  JOB_PAYLOAD_INVALID: 'kør samme version på hver maskine',
  JOB_NOT_DISMISSABLE: 'se dagtilbud jobs list; kun en fil, der aldrig kan behandles, kan opgives',
  JOB_DEADLINE_PASSED: 'kommer det hver nat, så se på det, jobbet venter på',
  JOB_NOT_REQUEUABLE: 'se dagtilbud jobs list; meddelelsen siger, hvad der skal rettes først',

  UNILOGIN_UNREACHABLE: 'kontrollér unilogin.baseUrl, unilogin.caFile, netværket og endepunktets certifikat',
  UNILOGIN_ANSWER_UNREADABLE: 'bliver det ved: spørg, om endepunktet er nede eller har ændret sig',
  UNILOGIN_ACCESS_REFUSED:
    'kontrollér maskinens ur, unilogin.udbydersystemId, klientcertifikatet og dets datoer, og tilslutningen',
  UNILOGIN_TEXT_UNSENDABLE: 'få leverandøren til at rette værdien og sende filen igen',
  UNILOGIN_SIGNATURE_MISSING:
    'kontrollér, at unilogin.baseUrl er det rigtige endepunkt; er det det, så spørg, hvorfor det ikke signerer',
  UNILOGIN_SIGNATURE_INVALID:
    'kontrollér unilogin.trust og uret; er de rigtige, ændrer nogen beskeder undervejs: sig det til endepunktets ejer, før der sendes mere',
  UNILOGIN_CLOCK_AHEAD: 'kontrollér maskinens ur, og om et andet system sender under vores unilogin.source',

  MOMENT_INVALID: 'skriv 2026-03-29 (midnat i København), 2026-03-29T04:30 eller 2026-03-29T04:30+02:00',
  BASELINE_INVALID: 'ret kommandoen; tag de rækker ud, som registret har i forvejen, eller indlæs i et tomt register',
  UNILOGIN_LIST_UNREADABLE: 'giv CSV med semikolon og en overskrift med instnr;instnavn;adresse;postnr;kommunenr',
  EXPORT_REQUEST_INVALID: 'ret kommune, niveau, format eller antal; se --help',
  EXPORT_POSITION_UNKNOWN: 'tag en fuld eksport, og gå videre fra dens "naeste"',
  NIGHT_DATE_INVALID: 'giv en dato som ÅÅÅÅ-MM-DD, i dag i København eller tidligere',
  HOLD_NOT_OPEN: 'se dagtilbud hold list',
  HOLD_NOT_FOUND: 'se dagtilbud hold list',
  HOLD_PERSON_SAME: 'en anden person skal godkende, eller hvem som helst kan afvise',
  HOLD_DECISION_UNSIGNED: 'giv både --by og --reason',
  LINK_INVALID: 'giv det tidligere nummer, et som registret har, et navn og en begrundelse',
  HOLD_PLAN_CHANGED: 'afgør den nyere fils tilbageholdelse, og afvis denne',

  USER_INVALID: 'meddelelsen siger, hvad der er tilladt',
  USER_NOT_FOUND: 'se dagtilbud user list',
  OIDC_PROVIDER_FAILED: 'log ind igen; kontrollér console.oidc og udbyderens log',
  CONSOLE_REQUEST_INVALID: 'gå tilbage til siden, og prøv igen derfra',
}

/** The error codes' own lines, in Danish. */
const meanings: Readonly<Record<ErrorCode | 'UNEXPECTED', string>> = {
  UNEXPECTED: 'en fejl hos os; se loggen',
  CONFIG_FILE_UNREADABLE: 'en indstillingsfil mangler, er ikke YAML eller kan ikke læses',
  CONFIG_SETTING_INVALID: 'en indstilling har en værdi, der ikke er tilladt, eller et navn, der ikke findes',
  SFTP_HOST_UNREACHABLE: 'SFTP-serveren svarede ikke: DNS, afvist, afbrudt eller ingen vej',
  SFTP_HOST_KEY_UNKNOWN: 'ingen værtsnøgle er noteret for SFTP-serveren; intet blev sendt til den',
  SFTP_HOST_KEY_CHANGED: 'SFTP-serveren viste en anden værtsnøgle end de noterede; intet login blev sendt',
  SFTP_LOGIN_REFUSED: 'SFTP-serveren afviste vores nøgle eller adgangskode',
  SFTP_DEADLINE_PASSED: 'et SFTP-kald blev ikke færdigt i tide; forbindelsen blev afbrudt',
  SFTP_CONNECTION_LOST: 'en åben forbindelse til SFTP-serveren blev afbrudt af den anden side eller nettet under et kald',
  SFTP_FILE_TRUNCATED: 'en hentning gav færre eller flere bytes, end serveren siger, at filen har',
  SFTP_FILE_CHANGED: 'en fil skiftede størrelse eller tid, mens den blev læst',
  SFTP_FILE_TOO_LARGE: 'en fil hos leverandøren er større end grænsen; den blev ikke hentet',
  SFTP_WRITE_FAILED: 'en kvittering kunne ikke skrives eller omdøbes hos leverandøren',
  SFTP_CALL_FAILED: 'SFTP-serveren svarede med en fejl på et kald',
  STORE_BLOB_MISSING: 'fillageret har ikke de bytes, som registret nævner',
  STORE_BLOB_CORRUPT: 'bytes i fillageret har ikke den hash, de er navngivet efter',
  STORE_WRITE_FAILED: 'fillageret kunne ikke skrive: disken er fuld, skrivebeskyttet, eller der mangler rettigheder',
  REGISTER_VERSION_UNSAFE: 'SQLite-biblioteket er ældre end udgaven, der rettede fejlen i WAL',
  REGISTER_OPEN_FAILED: 'registrets database kunne ikke åbnes eller opdateres',
  REGISTER_VERSION_NEWER: 'registret er skrevet af en senere version af programmet',
  REGISTER_MIGRATION_FAILED: 'registret kunne ikke bringes til denne version; det er, som det var',
  REGISTER_IN_USE: 'registret skal opdateres eller erstattes, og en anden proces har det åbent',
  REGISTER_STATE_UNEXPECTED: 'en række er i en tilstand, som trinnet ikke kan begynde fra',
  REGISTER_WRITE_FAILED: 'registret kunne ikke skrives: disken er fuld, skrivebeskyttet, eller et andet program har det låst',
  REGISTER_STATE_MOVED: 'registret ændrede sig mellem det, et trin læste, og det, det skriver',
  BACKUP_WRITE_FAILED: 'en sikkerhedskopi kunne ikke skrives',
  BACKUP_UNUSABLE: 'en sikkerhedskopi er ufuldstændig, ødelagt eller fra en senere version; den kan ikke lægges tilbage',
  REDIS_WRITE_FAILED: 'Redis ville ikke tage et job: ingen hukommelse, kun til læsning, eller den kan ikke gemme',
  REDIS_UNREACHABLE: 'Redis svarede ikke',
  REDIS_POLICY_UNSAFE: 'Redis må smide nøgler ud (maxmemory-policy er ikke noeviction)',
  REDIS_VERSION_OLD: 'Redis-serveren er ældre, end BullMQ kræver',
  REDIS_NOT_INSTALLED: 'REDIS_URL er ikke givet, og der er hverken redis-server eller valkey-server på PATH',
  JOB_PAYLOAD_INVALID: 'et job bærer noget, der ikke passer til dets skema',
  JOB_DEADLINE_PASSED: 'et job kørte længere, end det må',
  UNILOGIN_UNREACHABLE: 'Unilogins endepunkt blev ikke nået: ingen byte af kaldet forlod os',
  UNILOGIN_ANSWER_UNREADABLE: 'Unilogins endepunkt gav et svar, der ikke kunne læses',
  UNILOGIN_ACCESS_REFUSED: 'Unilogins endepunkt afviser vores system eller certifikat',
  UNILOGIN_TEXT_UNSENDABLE: 'et felt har et tegn, som XML ikke kan bære; intet blev sendt',
  UNILOGIN_SIGNATURE_MISSING: 'en besked har ingen signatur, og der kræves en',
  UNILOGIN_SIGNATURE_INVALID: 'en besked har en signatur, der ikke holder: hash, certifikat eller tid',
  UNILOGIN_CLOCK_AHEAD: 'den næste sourceDateTime ville ligge for langt ude i fremtiden',
  MAIL_SERVER_UNREACHABLE: 'mailserveren til varslerne svarede ikke, eller ikke som TLS kræver',
  MAIL_LOGIN_REFUSED: 'mailserveren til varslerne afviste vores navn eller adgangskode',
  MAIL_MESSAGE_REFUSED: 'mailserveren til varslerne afviste en besked, dens afsender eller en modtager',
  WEBHOOK_UNREACHABLE: 'modtageren af varslerne svarede ikke i tide, eller ikke som TLS kræver',
  WEBHOOK_MESSAGE_REFUSED: 'modtageren af varslerne svarede andet end ja',
  MOMENT_INVALID: 'en dato eller tid kan ikke læses, findes ikke eller kommer to gange',
  BASELINE_INVALID: 'grunddata kan ikke indlæses: kilde eller dato mangler, eller numre står i registret i forvejen',
  UNILOGIN_LIST_UNREADABLE: 'en liste over institutioner fra Unilogin kunne ikke læses',
  EXPORT_REQUEST_INVALID: 'der blev bedt om en eksport med en kommune, et niveau, et format eller et antal, der ikke findes',
  EXPORT_POSITION_UNKNOWN: 'der blev bedt om ændringer siden et sted, der ikke er i dette register',
  NIGHT_DATE_INVALID: 'en nats dato er ingen dato eller ligger i fremtiden',
  HOLD_NOT_OPEN: 'en tilbageholdelse er afgjort, udløbet eller findes ikke',
  HOLD_NOT_FOUND: 'der blev bedt om en tilbageholdelse, som registret ikke har',
  HOLD_PERSON_SAME: 'den, der først godkendte mange nedlæggelser, prøvede også at godkende anden gang',
  HOLD_DECISION_UNSIGNED: 'en tilbageholdelse blev afgjort uden navn eller begrundelse',
  LINK_INVALID: 'en oplysning om, hvordan en enhed følger af en anden, kan ikke noteres',
  HOLD_PLAN_CHANGED: 'planen bag en tilbageholdelse passer ikke længere til registret',
  JOB_NOT_REQUEUABLE: 'et job kan ikke sættes i kø igen, som det står, eller ville fejle på samme måde',
  JOB_NOT_DISMISSABLE: 'et job kan ikke opgives: det handler ikke om en fil, filen er indført, eller det kan køres igen',
  USER_INVALID: 'en bruger af konsollen fik et navn, en rolle eller en adgangskode, der ikke kan bruges',
  USER_NOT_FOUND: 'en bruger af konsollen blev nævnt, som ikke findes',
  OIDC_PROVIDER_FAILED: 'den, folk logger ind hos, svarede ikke, eller svaret holder ikke',
  CONSOLE_REQUEST_INVALID: 'konsollen blev bedt om noget, der ikke findes eller ikke er skrevet rigtigt',
}

/** What an error code means. */
export function meaningOf(code: string): BilingualText {
  const known = code in errorCodes ? (code as ErrorCode) : 'UNEXPECTED'
  return { da: meanings[known], en: known === 'UNEXPECTED' ? 'a fault of ours; see the log' : errorCodes[known] }
}

/** What to do about an error of a code: as the error says it, and as we say it of every error of that code. */
export function hintOf(code: string, hint: string): BilingualText {
  return { da: hints[code as keyof typeof hints] ?? hint, en: hint }
}
