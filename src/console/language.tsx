import { setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { createContext, useContext } from 'hono/jsx'
import { languageDetector } from 'hono/language'
import { type BilingualText, type Language, languages, type Say, sayIn } from '../domain/bilingual-text.ts'
import type { ConsoleContext, PageContext } from './context.ts'
import { isSecure } from './origin.ts'

/** The parameter of an address that chooses a language, and the cookie that keeps the choice. */
export const languageName = 'sprog'
const aYear = 365 * 24 * 3600

const LanguageContext = createContext<Language>('da')

/** What stands in it is said in this language. */
export const Speaking = LanguageContext.Provider

/** A text in the language of whoever looks. */
export function T(text: BilingualText) {
  return <>{text[useContext(LanguageContext)]}</>
}

/** The same where there must be plain text, as in an attribute; only while a page is made. */
export function useSay(): Say {
  return sayIn(useContext(LanguageContext))
}

export function languageOf(c: PageContext): Language {
  const language: string = c.get('language')
  return languages.find((one) => one === language) ?? 'da'
}

/** Finds the language of whoever asks: the one the address chooses, else the one chosen before, else the browser's, else Danish. */
export const findLanguage = languageDetector({
  supportedLanguages: [...languages],
  fallbackLanguage: 'da',
  lookupQueryString: languageName,
  lookupCookie: languageName,
  caches: false,
})

/** Keeps the language that an address chose. */
export function keepLanguage({ settings }: ConsoleContext) {
  return createMiddleware(async (c, next) => {
    const chosen = languages.find((language) => language === c.req.query(languageName))
    if (chosen !== undefined)
      setCookie(c, languageName, chosen, {
        path: '/',
        httpOnly: true,
        secure: isSecure(settings.console),
        sameSite: 'Lax',
        maxAge: aYear,
      })
    await next()
  })
}
