import { changeMsp, common } from '@lianyi/fabric-protocol';

/** Computes a channel's next configuration from its present one, which it leaves as it is. */
export type ConfigChange = (channel: common.ConfigGroup) => common.ConfigGroup;

/** Applies edits to a copy of a configuration; Fabric's messages are mutable, so the copy is what keeps changes pure. */
export function edited(channel: common.ConfigGroup, edit: (copy: common.ConfigGroup) => void): common.ConfigGroup {
  const copy = common.ConfigGroup.deserializeBinary(channel.serializeBinary());
  edit(copy);
  return copy;
}

/** Applies changes one after another. */
export const inTurn =
  (...changes: readonly ConfigChange[]): ConfigChange =>
  (channel) =>
    changes.reduce((current, change) => change(current), channel);

/** Replaces the certificate revocation lists (PEM) of an organisation's MSP. */
export const withRevocationLists =
  (mspId: string, lists: readonly string[]): ConfigChange =>
  (channel) =>
    edited(channel, (copy) => {
      changeMsp(copy, mspId, (config) => {
        config.setRevocationListList(lists.map((list) => Buffer.from(list, 'latin1')));
      });
    });
