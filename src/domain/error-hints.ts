import type { BilingualText } from './bilingual-text.ts'
import type { ErrorCode } from './error-codes.ts'

/*
 * What to do about an error, in Danish. An error's own hint is English and knows what it is about; this holds for every error
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
  UNILOGIN_ACCESS_REFUSED: 'kontrollér unilogin.udbydersystemId, klientcertifikatet og dets datoer, og tilslutningen',
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

/** What to do about an error of a code: as the error says it, and as we say it of every error of that code. */
export function hintOf(code: string, hint: string): BilingualText {
  return { da: hints[code as keyof typeof hints] ?? hint, en: hint }
}
