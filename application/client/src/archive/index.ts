// Apart from the rest of the client: an archive is made and verified by few.
export { ArchiveCheck, type ArchiveReport, type KnownServices } from './check-archive';
export { ARCHIVE_MADE, type ArchiveManifest, MANIFEST_FILE, type NotOpened, SIGNATURE_FILE, signedOfManifest } from './manifest';
export { archiveBroken, recordEvidenceOf, type Vault } from './record-evidence';
