import type { DescribedChange } from '../domain/describe-changes.ts'
import { kindWords, operationWords } from '../domain/words.ts'
import { Table } from './layout.tsx'

/** Changes of units, each value before and after; `fileId` links the line it is from. */
export function Changes({ caption, changes, fileId }: { caption: string; changes: readonly DescribedChange[]; fileId: string }) {
  return (
    <Table
      caption={caption}
      empty="Ingen ændringer."
      head={['Enhed', 'Hvad', 'Fra og til', 'Linje']}
      rows={changes.map(({ nummer, lokalId, navn, kind, operation, values, line }) => [
        <>
          {nummer === null ? <span class="id">{lokalId} (ny)</span> : <a href={`/institution/${nummer}`}>{nummer}</a>} {navn}
          <br />
          <span class="soft small">{kindWords[kind].da}</span>
        </>,
        operationWords[operation].da,
        values.length === 0 ? (
          ''
        ) : (
          <details open={operation !== 'opret'}>
            <summary>{values.length === 1 ? '1 værdi' : `${values.length} værdier`}</summary>
            {values.map(({ field, before, after }) => (
              <div class="small">
                {field}: {before === null ? null : <del>{before}</del>} {before === null ? null : '→ '}
                {after === null ? <span class="soft">(tom)</span> : <ins>{after}</ins>}
              </div>
            ))}
          </details>
        ),
        line === null ? 'nævnes ikke' : <a href={`/filer/${fileId}/linje/${line}`}>{line}</a>,
      ])}
    />
  )
}
