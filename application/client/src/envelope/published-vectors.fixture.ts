import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Test vectors other people published are not part of this repository. They are read from the folder that LIANYI_VECTORS names,
 * else from `../shared/data/vectors` beside the checkout; tests that need one are skipped, by name, where it is not there.
 *
 * - `cobblestone-256.json`: `testdata/vectors_aes_256_gcm.json` of github.com/FiloSottile/cobblestone (c2sp.org/chunked-encryption)
 * - `hpke-p256-sha256-aes256gcm.json`: the base-mode entry of DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM in
 *   `test-vectors.json` of github.com/cfrg/draft-irtf-cfrg-hpke, the file from which RFC 9180 Appendix A was printed
 */
export function publishedVectors(name: string): unknown {
  const folder = process.env['LIANYI_VECTORS'] ?? join(__dirname, '../../../../../shared/data/vectors');
  const file = join(folder, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
}
