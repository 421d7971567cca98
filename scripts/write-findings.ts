// Writes what is made from the rule table and the document schemas: docs/findings.md and the JSON schemas in config/schemas.
import { writeFileSync } from 'node:fs'
import { buildJsonSchemas } from '../config/documents/published.ts'
import { buildFindingsPage } from '../src/formats/findings-page.ts'

const root = new URL('../', import.meta.url)
writeFileSync(new URL('docs/findings.md', root), buildFindingsPage())
for (const [name, schema] of Object.entries(buildJsonSchemas())) writeFileSync(new URL(`config/schemas/${name}`, root), schema)
