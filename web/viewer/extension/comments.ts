import type { PointLps } from '#core/domain/geometry.ts';
import { graphql } from '../../app/api/graphql.ts';
import { type Connection, nodesOf } from '../../app/api/queries.ts';
import type { CommentDraft } from './comment-journal.ts';
import type { Viewport } from './ohif.ts';
import { distanceFromPlaneMm, type Painter } from './overlay.ts';

/** What somebody said of a place. */
export interface Comment {
  readonly id: string;
  readonly body: string;
  readonly mine: boolean;
  /** Null for those who are not named here. */
  readonly member: { readonly name: string } | null;
  readonly point: { readonly x: number; readonly y: number; readonly z: number };
  readonly createdAt: string;
  readonly resolvedAt: string | null;
}

const commentsQuery = `query ($id: ID!, $after: String) { node(id: $id) { ... on Task { comments(first: 100, after: $after) {
  edges { node { id body mine member { name } point { x y z } createdAt resolvedAt } } pageInfo { endCursor hasNextPage }
} } } }`;
const addMutation =
  'mutation ($input: CommentAddInput!) { commentAdd(input: $input) { comment { id } userErrors { code message } } }';
const resolveMutation =
  'mutation ($input: CommentResolveInput!) { commentResolve(input: $input) { comment { id } userErrors { code message } } }';

/** All of a task that the caller may see, oldest first. @throws SignedOut, Refused */
export async function fetchComments(taskId: string): Promise<Comment[]> {
  const found: Comment[] = [];
  for (let after: string | null = null; ; ) {
    type Page = { node: { comments: Connection<Comment> } | null };
    const { node }: Page = await graphql<Page>(commentsQuery, { id: taskId, after });
    if (!node) return found;
    found.push(...nodesOf(node.comments));
    if (!node.comments.pageInfo.hasNextPage) return found;
    after = node.comments.pageInfo.endCursor;
  }
}

/** @throws SignedOut, Refused */
export async function sendComment({ taskId, body, point: [x, y, z], key }: CommentDraft): Promise<void> {
  await graphql(addMutation, { input: { taskId, body, point: { x, y, z }, idempotencyKey: key } });
}

/** @throws SignedOut, Refused */
export async function settleComment(commentId: string, resolved: boolean): Promise<void> {
  await graphql(resolveMutation, { input: { commentId, resolved } });
}

export const placeOf = ({ point: { x, y, z } }: Comment): PointLps => [x, y, z];

/** A place with the number that its pin has. */
export interface Pin {
  readonly point: PointLps;
  readonly text: string;
  readonly open: boolean;
}

const radius = 9;

/** A numbered pin at each place that the plane shown goes through. */
export const paintPins =
  (pins: readonly Pin[]): Painter =>
  (context, view) => {
    const reach = Math.max(...(view.getImageData()?.spacing ?? [1])) / 2 + 0.01;
    context.font = '600 11px system-ui, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const pin of pins) if (distanceFromPlaneMm(view, pin.point) <= reach) paintPin(context, view, pin);
  };

/** A flag beside the place, so that the place itself stays visible. */
function paintPin(context: CanvasRenderingContext2D, view: Viewport, { point, text, open }: Pin): void {
  const [x, y] = view.worldToCanvas(point);
  const [flagX, flagY] = [x + 14, y - 14];
  context.strokeStyle = open ? '#f2c14e' : '#93a1ae';
  context.fillStyle = open ? '#f2c14e' : '#93a1ae';
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(flagX, flagY);
  context.stroke();
  context.beginPath();
  context.arc(x, y, 2, 0, 2 * Math.PI);
  context.fill();
  context.beginPath();
  context.arc(flagX, flagY, radius, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = '#14181c';
  context.fillText(text, flagX, flagY + 0.5);
}
