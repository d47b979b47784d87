import { z } from 'zod';
import { actorTagSchema, departmentSchema, mspIdSchema, nameSchema, sha256Schema } from '@lianyi/domain';

/**
 * A profile says who acts and through what: the `--as` of the command line and of the demo.
 * It names files (keys, wallets, certificates) and never holds a secret itself.
 */

/** Rule of a profile's name: it becomes a file name, so no separators and no leading dot. */
export const profileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, "-", "_" and "." (at most 64)');

const filePath = z.string().min(1).max(4096);
/** A member node speaks TLS only; plain http would show documents to the wire. */
const nodeUrl = z.url({ protocol: /^https$/, error: 'an https address' });

const network = { name: profileName, mspId: mspIdSchema, channel: nameSchema, chaincode: nameSchema };

/** Another member's node, which is asked what the ledger has: whether a command is committed, which record was released. */
const witness = { witnessUrl: nodeUrl.optional(), witnessTlsCaFile: filePath.optional() };

const together = { path: ['witnessTlsCaFile'], error: 'witnessUrl and witnessTlsCaFile come together' };

const staffProfile = z.strictObject({
  ...network,
  kind: z.literal('staff'),
  nodeUrl,
  tlsCaFile: filePath,
  keyFile: filePath,
  actorTag: actorTagSchema,
  department: departmentSchema.optional(),
  ...witness,
  genesis: sha256Schema,
});

/** The node of another hospital at which the patient has a pseudonym. Without a witness of its own, the profile's is asked. */
const hospitalNode = z
  .strictObject({ mspId: mspIdSchema, nodeUrl, tlsCaFile: filePath, ...witness })
  .refine((node) => (node.witnessUrl === undefined) === (node.witnessTlsCaFile === undefined), together);

const patientProfile = z
  .strictObject({
    ...network,
    kind: z.literal('patient'),
    nodeUrl,
    tlsCaFile: filePath,
    walletFile: filePath,
    ...witness,
    /** Commands of a pseudonym go through its own hospital's node. */
    hospitals: z.array(hospitalNode).max(64).optional(),
    genesis: sha256Schema,
  })
  .refine(({ mspId, hospitals }) => areDistinct([mspId, ...(hospitals ?? []).map((node) => node.mspId)]), {
    path: ['hospitals'],
    error: 'one node for each hospital',
  });

/** Certificate and key directories as Fabric's tools lay them out (`msp/signcerts`, `msp/keystore`). */
const administratorProfile = z.strictObject({
  ...network,
  kind: z.literal('administrator'),
  connectionProfile: filePath,
  certDirectory: filePath,
  keyDirectory: filePath,
  /** Absent before the channel is known; the first `org register` reads it from block 0. */
  genesis: sha256Schema.optional(),
});

/** The profile as it stands in its file. */
export const profileSchema = z
  .discriminatedUnion('kind', [staffProfile, patientProfile, administratorProfile])
  .refine(
    (profile) => profile.kind === 'administrator' || (profile.witnessUrl === undefined) === (profile.witnessTlsCaFile === undefined),
    together,
  );

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

export type StaffProfile = z.infer<typeof staffProfile>;
export type PatientProfile = z.infer<typeof patientProfile>;
export type AdministratorProfile = z.infer<typeof administratorProfile>;
export type Profile = z.infer<typeof profileSchema>;
/** A profile before it is checked. */
export type ProfileInput = z.input<typeof profileSchema>;
export type ProfileKind = Profile['kind'];
