import { type Language, languages } from '../domain/bilingual-text.ts'

/**
 * The language a person is spoken to: what `--lang` says, else the first of LC_ALL, LC_MESSAGES and LANG that is set, as
 * POSIX has it; Danish where that names neither of ours. Looked for before the command line is read, because its help is
 * spoken, too.
 */
export function chooseLanguage(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const asked = args.flatMap((arg, i) => (arg === '--lang' ? [args[i + 1]] : arg.startsWith('--lang=') ? [arg.slice(7)] : []))
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return (
    languages.find((language) => language === asked.at(-1)) ?? languages.find((language) => isLocaleOf(locale, language)) ?? 'da'
  )
}

/** 'en', 'en_GB.UTF-8' and 'en@euro' are all English. */
function isLocaleOf(locale: string, language: Language): boolean {
  return locale === language || new RegExp(`^${language}[_.@-]`).test(locale)
}
