import type { BilingualText } from '../domain/bilingual-text.ts'
import { many } from '../domain/bilingual-text.ts'
import type { DescribedChange } from '../domain/describe-changes.ts'
import { kindWords, operationWords } from '../domain/words.ts'
import { T } from './language.tsx'
import { Table } from './layout.tsx'

/** Changes of units, each value before and after; `fileId` links the line it is from. */
export function Changes({
  caption,
  changes,
  fileId,
}: {
  caption: BilingualText
  changes: readonly DescribedChange[]
  fileId: string
}) {
  return (
    <Table
      caption={caption}
      empty={{ da: 'Ingen ændringer.', en: 'No changes.' }}
      head={[
        { da: 'Enhed', en: 'Unit' },
        { da: 'Hvad', en: 'What' },
        { da: 'Fra og til', en: 'From and to' },
        { da: 'Linje', en: 'Line' },
      ]}
      rows={changes.map((change) => [
        <Unit change={change} />,
        <T {...operationWords[change.operation]} />,
        change.values.length === 0 ? '' : <Values change={change} />,
        change.line === null ? (
          <T da="nævnes ikke" en="not mentioned" />
        ) : (
          <a href={`/filer/${fileId}/linje/${change.line}`}>{change.line}</a>
        ),
      ])}
    />
  )
}

function Unit({ change: { nummer, lokalId, navn, kind } }: { change: DescribedChange }) {
  return (
    <>
      {nummer === null ? (
        <span class="id">
          {lokalId} <T da="(ny)" en="(new)" />
        </span>
      ) : (
        <a href={`/institution/${nummer}`}>{nummer}</a>
      )}{' '}
      {navn}
      <br />
      <span class="soft small">
        <T {...kindWords[kind]} />
      </span>
    </>
  )
}

function Values({ change: { operation, values } }: { change: DescribedChange }) {
  return (
    <details open={operation !== 'opret'}>
      <summary>
        <T {...many(values.length, { da: 'værdi', en: 'value' }, { da: 'værdier', en: 'values' })} />
      </summary>
      {values.map(({ field, before, after }) => (
        <div class="small">
          {field}: {before === null ? null : <del>{before}</del>} {before === null ? null : '→ '}
          {after === null ? (
            <span class="soft">
              <T da="(tom)" en="(empty)" />
            </span>
          ) : (
            <ins>{after}</ins>
          )}
        </div>
      ))}
    </details>
  )
}
