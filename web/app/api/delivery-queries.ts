import type { DeliveryState } from '#core/domain/lifecycle.ts';
import { type Connection, type JobProgress, type Named, pageFields, progressFields } from './queries.ts';

export interface Delivery {
  readonly id: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly message: string | null;
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
  readonly target: { readonly name: string };
  readonly items: readonly { readonly kind: string; readonly failure: string | null }[];
  readonly progress: JobProgress;
}

/** What a segmentation has to send, and what is or was on its way. */
export interface Sendable {
  readonly id: string;
  readonly modelVersion: { readonly number: number };
  readonly progress: { readonly queuedAt: string };
  readonly results: readonly { readonly kind: string }[];
  readonly deliveries: Connection<Delivery>;
}

export const deliveriesQuery = `query ($id: ID!, $siteId: ID!) {
  node(id: $id) { ... on Study { segmentations { edges { node { id modelVersion { number } progress { queuedAt } results { kind }
    deliveries(first: 10) { edges { node {
      id state attempts message nextAttemptAt deliveredAt target { ... on Destination { name } }
      items { kind failure } progress { ${progressFields} }
    } } ${pageFields} } } } ${pageFields} } } }
  destinations(first: 100, siteId: $siteId) { edges { node { id name } } ${pageFields} } }`;
export interface DeliveriesAnswer {
  readonly node: { readonly segmentations: Connection<Sendable> } | null;
  readonly destinations: Connection<Named>;
}

export const segmentationPushMutation = `mutation ($input: SegmentationPushInput!) {
  segmentationPush(input: $input) { delivery { id } userErrors { code message } } }`;
export const deliveryRetryMutation = `mutation ($input: DeliveryRetryInput!) {
  deliveryRetry(input: $input) { delivery { id } userErrors { code message } } }`;

export interface Destination extends Named {
  readonly url: string | null;
  readonly hasToken: boolean;
  readonly etag: string;
}
export const destinationsQuery = `query ($siteId: ID!) { destinations(first: 100, siteId: $siteId) {
  edges { node { id name url hasToken etag } } ${pageFields} } }`;
export const destinationCreateMutation = `mutation ($input: DestinationCreateInput!) {
  destinationCreate(input: $input) { destination { id } userErrors { code message } } }`;
export const destinationUpdateMutation = `mutation ($input: DestinationUpdateInput!) {
  destinationUpdate(input: $input) { destination { id } userErrors { code message } } }`;
export const destinationDeleteMutation = `mutation ($input: DestinationDeleteInput!) {
  destinationDelete(input: $input) { destination { id } userErrors { code message } } }`;
