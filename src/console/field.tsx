import type { Child } from 'hono/jsx'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { T } from './language.tsx'

/** A control of a form below its label, which is for the control of that id. */
export function Field({
  id,
  label,
  wide = false,
  children,
}: {
  id: string
  label: BilingualText
  wide?: boolean
  children: Child
}) {
  return (
    <div class={wide ? 'wide' : undefined}>
      <label for={id}>
        <T {...label} />
      </label>
      {children}
    </div>
  )
}
