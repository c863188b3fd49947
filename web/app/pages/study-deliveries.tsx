import { useState } from 'preact/hooks';
import {
  type DeliveriesAnswer,
  type Delivery,
  deliveriesQuery,
  deliveryRetryMutation,
  type Sendable,
  segmentationPushMutation,
} from '../api/delivery-queries.ts';
import { may, type Named, nodesOf, type Study, type Viewer } from '../api/queries.ts';
import { ActionForm } from '../parts/action-form.tsx';
import { State } from '../parts/badges.tsx';
import { Choice } from '../parts/choice.tsx';
import { Nothing, Panel, Problem } from '../parts/layout.tsx';
import { inWords, momentOf, plural } from '../parts/words.ts';
import { useData } from '../use-data.ts';
import { useJobs } from '../use-jobs.ts';

const lookAgainMs = 10_000;

/** Results of the study's segmentations that were sent to receivers or can be; nothing where there is neither. */
export function DeliveriesPanel({ study, viewer }: { study: Study; viewer: Viewer }) {
  const variables = { id: study.id, siteId: study.site.id };
  const { data, error, reload } = useData<DeliveriesAnswer>(deliveriesQuery, variables, lookAgainMs);
  const answers = nodesOf(data?.node?.segmentations ?? none).filter(({ results }) => results.length > 0);
  const deliveries = answers.flatMap((answer) => nodesOf(answer.deliveries));
  // The end of each is told at once; what comes of a try in between is looked for.
  useJobs(deliveries, reload);
  const destinations = nodesOf(data?.destinations ?? none);
  const maySend = may(viewer, 'segmentationPush') && destinations.length > 0 && answers.length > 0;
  if (!maySend && deliveries.length === 0) return null;
  return (
    <Panel title="Sent to receivers">
      <Problem message={error} />
      {deliveries.length === 0 && <Nothing>Nothing has been sent.</Nothing>}
      {deliveries.map((delivery) => (
        <OneDelivery key={delivery.id} delivery={delivery} mayRetry={may(viewer, 'deliveryRetry')} onDone={reload} />
      ))}
      {maySend && <SendTo answers={answers} destinations={destinations} onDone={reload} />}
    </Panel>
  );
}

const none = { edges: [], pageInfo: { endCursor: null, hasNextPage: false } };

function OneDelivery({
  delivery,
  mayRetry,
  onDone,
}: {
  delivery: Delivery;
  mayRetry: boolean;
  onDone: () => Promise<void>;
}) {
  const { state, target, items, attempts, message, nextAttemptAt, deliveredAt } = delivery;
  const failed = items.filter(({ failure }) => failure !== null);
  return (
    <article>
      <p class="line">
        <State state={state} />
        <span>
          {target.name}
          <span class="faint">
            : {items.map(({ kind }) => inWords(kind)).join(', ')}
            {deliveredAt ? `; ${momentOf(deliveredAt)}` : attempts > 0 && `; ${plural(attempts, 'try', 'tries')}`}
          </span>
        </span>
      </p>
      {message && <p class={state === 'FAILED' ? 'bad-text' : 'faint'}>{message}</p>}
      {nextAttemptAt && <p class="faint">It is tried again at {momentOf(nextAttemptAt)}.</p>}
      {failed.length > 0 && (
        <ul class="plain">
          {failed.map(({ kind, failure }) => (
            <li key={kind}>
              {inWords(kind)}: {failure}
            </li>
          ))}
        </ul>
      )}
      {state === 'FAILED' && mayRetry && (
        <ActionForm
          title="Send again"
          mutation={deliveryRetryMutation}
          fields={[]}
          input={() => ({ deliveryId: delivery.id })}
          onDone={onDone}
        />
      )}
    </article>
  );
}

function SendTo({
  answers,
  destinations,
  onDone,
}: {
  answers: readonly Sendable[];
  destinations: readonly Named[];
  onDone: () => Promise<void>;
}) {
  const [segmentationId, setSegmentation] = useState('');
  const [destinationId, setDestination] = useState('');
  const [left, setLeft] = useState<readonly string[]>([]);
  // Kept until it was heard, so that what is sent again for want of an answer is the same request.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const answer = answers.find(({ id }) => id === segmentationId) ?? answers[0]!;
  const destination = destinations.find(({ id }) => id === destinationId) ?? destinations[0]!;
  const chosen = answer.results.map(({ kind }) => kind).filter((kind) => !left.includes(kind));
  const toggle = (kind: string): void =>
    setLeft(left.includes(kind) ? left.filter((one) => one !== kind) : [...left, kind]);
  return (
    <ActionForm
      title="Send"
      mutation={segmentationPushMutation}
      fields={[]}
      input={() => ({
        segmentationId: answer.id,
        destinationId: destination.id,
        results: chosen,
        idempotencyKey: key,
      })}
      disabled={chosen.length === 0}
      onDone={() => {
        setKey(crypto.randomUUID());
        return onDone();
      }}
    >
      {answers.length > 1 && (
        <Choice
          label="Answer"
          value={answer.id}
          options={answers.map(({ id, modelVersion, progress }) => ({
            id,
            name: `Model version ${modelVersion.number}, ${momentOf(progress.queuedAt)}`,
          }))}
          onChange={setSegmentation}
        />
      )}
      <Choice label="Send to" value={destination.id} options={destinations} onChange={setDestination} />
      <fieldset>
        <legend>What is sent</legend>
        {answer.results.map(({ kind }) => (
          <label key={kind} class="choice">
            <input type="checkbox" checked={!left.includes(kind)} onChange={() => toggle(kind)} /> {inWords(kind)}
          </label>
        ))}
      </fieldset>
      <p class="faint">It carries the pseudonym and the UIDs that Metloop stores, not those of the hospital.</p>
    </ActionForm>
  );
}
