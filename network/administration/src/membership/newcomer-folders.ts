import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { authorityName, mspIdOf, nodesFolder, nodesOf, OperatorError, type Organization, organizationPaths } from '@lianyi/network-model';

/** Whatever its roles were: one domain is one organisation, in either tree. */
function roots(dataDir: string, organization: Organization): readonly string[] {
  return (['peer', 'orderer'] as const).map((role) => organizationPaths(dataDir, { ...organization, roles: [role] }).root);
}

/** All folders that an organisation's join makes. */
function foldersOf(dataDir: string, organization: Organization): readonly string[] {
  const names = [authorityName(organization), ...nodesOf(organization).map(({ name }) => name)];
  return [organizationPaths(dataDir, organization).root, ...names.map((name) => join(nodesFolder(dataDir), name))];
}

/**
 * An organisation that left leaves its folders. Whoever came under its domain would be given its CA and its keys, and its users
 * would be users of the newcomer.
 * @throws {@link OperatorError} `STATE_MISMATCH`.
 */
export function refuseFoldersOfOthers(dataDir: string, organization: Organization): void {
  const { mspId, domain } = organization;
  const existing = roots(dataDir, organization).filter((root) => existsSync(root));
  for (const root of existing) {
    const owner = mspIdOf(root);
    if (owner === mspId) continue;
    throw new OperatorError('STATE_MISMATCH', {
      en: `${root} holds the certificates and keys of ${owner ?? 'another organisation'}; run 'prune' first, which removes what those who left have left, or use another domain`,
      zh: `${root} 中有 ${owner ?? '另一组织'} 的证书和密钥；请先运行 prune 删除已退出组织的遗留，或使用其他域名`,
    });
  }
  if (existing.length > 0) return;
  const ledger = foldersOf(dataDir, organization).find((folder) => existsSync(join(folder, 'data', 'ledgersData')));
  if (ledger !== undefined)
    throw new OperatorError('STATE_MISMATCH', {
      en: `${ledger} holds what another node of ${domain} has stored; remove it, or use another domain`,
      zh: `${ledger} 中有 ${domain} 另一节点存储的数据；请删除它，或使用其他域名`,
    });
}

/** What must go if the newcomer is not taken in: the folders that are not there yet. Removes those made meanwhile. */
export function noteFolders(dataDir: string, organization: Organization): () => void {
  const made = foldersOf(dataDir, organization).filter((folder) => !existsSync(folder));
  return () => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  };
}
