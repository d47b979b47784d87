import * as current from '@hyperledger/fabric-gateway';
import * as former from 'fabric-gateway-1.11';

/** What the suite needs of Fabric's client library: any release that has it can run the cases. */
export type StockClient = Pick<typeof current, 'connect' | 'hash' | 'signers' | 'CommitError' | 'GatewayError'>;

/** Releases of the client that must see the same network, by the beginning of their version. */
export const stockClients = {
  '1.12': { library: current satisfies StockClient as StockClient, packageName: '@hyperledger/fabric-gateway' },
  '1.11': { library: former satisfies StockClient as StockClient, packageName: 'fabric-gateway-1.11' },
} as const;

export type ClientRelease = keyof typeof stockClients;

const libraries: readonly StockClient[] = Object.values(stockClients).map(({ library }) => library);

/** Each release has classes of its own. */
export const isGatewayError = (error: unknown): error is current.GatewayError =>
  libraries.some(({ GatewayError }) => error instanceof GatewayError);

export const isCommitError = (error: unknown): error is current.CommitError =>
  libraries.some(({ CommitError }) => error instanceof CommitError);
