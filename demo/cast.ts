import type { Role } from '#core/domain/roles.ts';

/** Who plays in the demonstration. Everybody's password is the same and is printed at start. */
export interface DemoPerson {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly grants: readonly { readonly role: Role; readonly site?: string }[];
}

export const demoPassword = 'metloop-demo';
export const siteA = 'Harbour Hospital';
export const siteB = 'Hillside Clinic';

export const people = [
  { key: 'admin', name: 'Ada Admin', email: 'admin@demo.metloop', grants: [{ role: 'TENANT_ADMIN' }] },
  {
    key: 'coordinatorA',
    name: 'Cora Harbour',
    email: 'coordinator-a@demo.metloop',
    grants: [{ role: 'COORDINATOR', site: siteA }],
  },
  {
    key: 'coordinatorB',
    name: 'Cody Hillside',
    email: 'coordinator-b@demo.metloop',
    grants: [{ role: 'COORDINATOR', site: siteB }],
  },
  { key: 'readerOne', name: 'Dr. Rita Reader', email: 'reader-1@demo.metloop', grants: [{ role: 'READER' }] },
  { key: 'readerTwo', name: 'Dr. Ravi Reader', email: 'reader-2@demo.metloop', grants: [{ role: 'READER' }] },
  {
    key: 'adjudicator',
    name: 'Dr. Judith Judge',
    email: 'adjudicator@demo.metloop',
    grants: [{ role: 'ADJUDICATOR' }],
  },
  { key: 'engineer', name: 'Enzo Engineer', email: 'engineer@demo.metloop', grants: [{ role: 'ENGINEER' }] },
  { key: 'approver', name: 'Dr. Aino Approver', email: 'approver@demo.metloop', grants: [{ role: 'APPROVER' }] },
  {
    key: 'clinicianA',
    name: 'Dr. Clara Harbour',
    email: 'clinician-a@demo.metloop',
    grants: [{ role: 'CLINICIAN', site: siteA }],
  },
  {
    key: 'clinicianB',
    name: 'Dr. Cyrus Hillside',
    email: 'clinician-b@demo.metloop',
    grants: [{ role: 'CLINICIAN', site: siteB }],
  },
  { key: 'auditor', name: 'Otto Auditor', email: 'auditor@demo.metloop', grants: [{ role: 'AUDITOR' }] },
] as const satisfies readonly DemoPerson[];

export type PersonKey = (typeof people)[number]['key'];

/** The second consortium, which must see nothing of the first. */
export const stranger = {
  key: 'stranger',
  name: 'Stan Stranger',
  email: 'stranger@other.metloop',
  grants: [
    { role: 'TENANT_ADMIN' },
    { role: 'COORDINATOR' },
    { role: 'ENGINEER' },
    { role: 'AUDITOR' },
    { role: 'APPROVER' },
  ],
} as const satisfies DemoPerson;
