import type { ComponentChildren } from 'preact';

/** Title of a page with what can be done there at its right. */
export const Heading = ({ title, hint, children }: { title: string; hint?: string; children?: ComponentChildren }) => (
  <header class="heading">
    <div>
      <h1>{title}</h1>
      {hint && <p class="faint">{hint}</p>}
    </div>
    <div class="actions">{children}</div>
  </header>
);

export const Panel = ({
  title,
  children,
  aside,
}: {
  title: string;
  children: ComponentChildren;
  aside?: ComponentChildren;
}) => (
  <section class="panel">
    <header>
      <h2>{title}</h2>
      {aside}
    </header>
    {children}
  </section>
);

export const Problem = ({ message }: { message: string | undefined }) =>
  message ? (
    <p class="problem" role="alert">
      {message}
    </p>
  ) : null;

/** What stands where nothing is yet. */
export const Nothing = ({ children }: { children: ComponentChildren }) => <p class="nothing">{children}</p>;

/** Name and value in rows. */
export const Facts = ({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** Where a study is looked at; in a read the viewer also saves what is drawn, a series to show is laid over the images, and a place to be at is `x,y,z`, LPS mm. */
export const viewerAddress = (
  studyInstanceUid: string,
  more: { readonly read?: string; readonly show?: string; readonly at?: string } = {},
): string => `/viewer/metloop?${new URLSearchParams({ StudyInstanceUIDs: studyInstanceUid, ...more })}`;
