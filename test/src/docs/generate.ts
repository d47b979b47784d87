import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, workspaces } from '../architecture/workspaces';
import { catalogueFile } from './catalogue-file';
import { metadataText } from './contract-metadata';
import { redrawPictures } from './import-picture';
import { ledgerKeysPage } from './ledger-keys-page';
import { memberApiPage } from './member-api-page';
import { reprintPrograms } from './printed-program';
import { errorCodesPage, transactionsPage } from './reference-pages';

const packages = workspaces.filter((folder) => folder !== 'test');

/** Every generated file with the text it should have now: the pages, and what Fabric's tools read of the contract classes. */
export function generatedPages(): { readonly path: string; readonly text: string }[] {
  const architecture = join(repositoryRoot, 'docs/architecture.md');
  const client = join(repositoryRoot, 'application/client/README.md');
  return [
    { path: join(repositoryRoot, 'docs/transactions.md'), text: transactionsPage() },
    { path: join(repositoryRoot, 'docs/error-codes.md'), text: errorCodesPage() },
    { path: join(repositoryRoot, 'docs/ledger-keys.md'), text: ledgerKeysPage() },
    { path: join(repositoryRoot, 'test/src/architecture/metadata.golden'), text: metadataText() },
    { path: join(repositoryRoot, 'docs/catalogue.json'), text: catalogueFile() },
    { path: join(repositoryRoot, 'docs/member-api.md'), text: memberApiPage() },
    { path: client, text: reprintPrograms(readFileSync(client, 'utf8'), repositoryRoot) },
    { path: architecture, text: redrawPictures(readFileSync(architecture, 'utf8'), repositoryRoot, packages) },
  ];
}

if (require.main === module) {
  for (const page of generatedPages()) writeFileSync(page.path, page.text);
}
