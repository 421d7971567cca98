import { FatalError } from '../domain/errors.ts'
import type { PageContext } from './context.ts'

/** A parameter as it was given, at most `most` characters of it; undefined when it is empty. */
export function queryText(c: PageContext, name: string, most = 100): string | undefined {
  const text = (c.req.query(name) ?? '').trim().slice(0, most)
  return text === '' ? undefined : text
}

/** A whole number from 0 up; `fallback` when it is not one. */
export function queryNumber(c: PageContext, name: string, fallback = 0): number {
  const text = c.req.query(name) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : fallback
}

/** One of a set of words; undefined when it is none of them. */
export function queryWord<T extends string>(c: PageContext, name: string, words: readonly T[]): T | undefined {
  const text = c.req.query(name)
  return words.find((word) => word === text)
}

/** A field of a form that was sent, as text. */
export async function formText(c: PageContext, name: string, most = 500): Promise<string> {
  const value = (await c.req.parseBody())[name]
  return typeof value === 'string' ? value.trim().slice(0, most) : ''
}

/** A link with parameters; those that are not set are left out. */
export function href(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const set = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === 0 ? [] : [[name, String(value)] as [string, string]],
  )
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`
}

export function notThere(what: string): FatalError {
  return new FatalError('CONSOLE_REQUEST_INVALID', `showing ${what}, which is not there`, {
    dataState: 'nothing was changed',
    hint: 'go back and choose from the list',
  })
}
