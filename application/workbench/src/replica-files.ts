import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataDir } from './data-dir';

/** A stored object's file in a node's vault: the accidents and attacks of the story happen to files. */
export class ReplicaFile {
  private constructor(private readonly path: string) {}

  /** Finds the object of a record (by its ciphertext's hash, base64url) in the vault of one member. */
  static find(data: DataDir, mspId: string, cipherSha256: string): ReplicaFile {
    const hex = Buffer.from(cipherSha256, 'base64url').toString('hex');
    const vault = join(data.node(mspId), 'data', 'vault');
    const found = readdirSync(vault, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith(hex));
    if (found === undefined) throw new Error(`the vault of ${mspId} has no such object`);
    return new ReplicaFile(join(vault, found));
  }

  /** As if the disk had lost it. @returns how to bring it back. */
  lose(): () => void {
    const aside = `${this.path}.lost`;
    renameSync(this.path, aside);
    return () => {
      renameSync(aside, this.path);
    };
  }

  /** As if somebody had changed one bit of it. @returns how to undo it. */
  tamper(): () => void {
    const original = readFileSync(this.path);
    const changed = Buffer.from(original);
    const middle = Math.floor(changed.length / 2);
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    writeFileSync(this.path, changed);
    return () => {
      writeFileSync(this.path, original);
    };
  }
}
