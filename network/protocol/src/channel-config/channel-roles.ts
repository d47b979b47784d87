import { type NodeRole } from '../msp/channel-identity';

/** A part of a channel's configuration that lists organisations. */
export type ChannelSection = 'Application' | 'Orderer';

/**
 * Roles of an organisation whose holders fulfil its policies, by section. One MSP may stand in both; never `member`, which any
 * certificate of an organisation fulfils. An orderer's certificate proposes nothing.
 */
export const CHANNEL_ROLES: Readonly<Record<ChannelSection, Readonly<Record<string, readonly NodeRole[]>>>> = {
  Application: { Readers: ['admin', 'peer', 'client'], Writers: ['admin', 'client'], Admins: ['admin'], Endorsement: ['peer'] },
  Orderer: {
    ...{ Readers: ['admin', 'peer', 'client', 'orderer'], Writers: ['admin', 'orderer'], Admins: ['admin'] },
    // a policy of our own: an administrator writes to the channel, but makes no blocks
    BlockSigners: ['orderer'],
  },
};

/** The policies of the channel and of both sections themselves; ImplicitMeta, over the organisations' policies of the second name. */
export const STANDARD_POLICIES = {
  Readers: ['ANY', 'Readers'],
  Writers: ['ANY', 'Writers'],
  Admins: ['MAJORITY', 'Admins'],
} as const;
