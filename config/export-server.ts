import { exportServerId, type Settings, type Supplier } from './settings.ts'

/** Every SFTP server of the settings, as the adapter knows them: the suppliers', and the one the register is put on each night. */
export function sftpServers({ suppliers, export: { sftp } }: Settings): Supplier[] {
  if (sftp === undefined) return [...suppliers]
  return [...suppliers, { ...sftp, id: exportServerId, navn: 'Eksport', kommuner: 'alle', ejerformer: [], expects: [] }]
}
