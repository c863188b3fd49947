import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { graphql } from '../api/graphql.ts';
import { explain } from '../use-data.ts';
import { Problem } from './layout.tsx';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  /** Takes a whole number from 1, or nothing where it may be left out. */
  readonly count?: 'REQUIRED' | 'OPTIONAL';
  /** Takes as many characters in several lines. */
  readonly long?: number;
}

interface Props {
  /** What the button says. */
  readonly title: string;
  readonly mutation: string;
  readonly fields: readonly Field[];
  readonly input: (values: Readonly<Record<string, string>>) => object;
  readonly onDone: () => Promise<void>;
  readonly disabled?: boolean;
  /** Names of inputs among the children. */
  readonly takes?: readonly string[];
  readonly children?: ComponentChildren;
}

const texts = { required: true, minLength: 5, maxLength: 500 };
const numbers = (count: 'REQUIRED' | 'OPTIONAL') => ({
  type: 'number' as const,
  min: 1,
  required: count === 'REQUIRED',
});

/** A mutation with texts to fill in; what the service says against it is shown beside the button. */
export function ActionForm({ title, mutation, fields, input, onDone, disabled, takes = [], children }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const names = [...fields.map(({ name }) => name), ...takes];
    const wanted = Object.fromEntries(names.map((name) => [name, values[name] ?? '']));
    setBusy(true);
    setProblem(undefined);
    try {
      await graphql(mutation, { input: input(wanted) });
      form.reset();
      await onDone();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      {children}
      {fields.map((field) => (
        <Entry key={field.name} field={field} />
      ))}
      <Problem message={problem} />
      <button type="submit" class="primary" disabled={busy || disabled}>
        {title}
      </button>
    </form>
  );
}

const Entry = ({ field: { name, label, value = '', count, long } }: { field: Field }) =>
  long ? (
    <label class="field">
      {label}
      <textarea name={name} defaultValue={value} rows={5} {...texts} maxLength={long} />
    </label>
  ) : (
    <label class="field">
      {label}
      <input name={name} defaultValue={value} {...(count ? numbers(count) : texts)} />
    </label>
  );
