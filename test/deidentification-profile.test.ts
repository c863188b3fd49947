import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { serviceScope } from '#core/db/database.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { objectKey } from '#core/storage/keys.ts';
import { generatePhantom } from '../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../demo/phantom/study.ts';
import { type Intake, startIntake } from './harness/intake.ts';
import type { Data } from './harness/services.ts';

let intake: Intake;
let files: Buffer[];
before(async () => {
  intake = await startIntake();
  files = [];
  for await (const { bytes } of writePhantomStudy(generatePhantom({ seed: 31, size: 48 })))
    files.push(Buffer.from(bytes));
});
after(() => intake?.stop());

const options = {
  ...{ cleanDescriptors: true, cleanStructuredContent: true, retainLongitudinal: true },
  ...{ retainPatientCharacteristics: true, retainDeviceIdentity: false, retainSafePrivate: true, deface: false },
};
const reportText = `query ($uid: String!) { studies(filter: { studyInstanceUid: $uid }) { edges { node { studyDate ageYears deidentification {
  instanceCount profiles { instanceCount profile { version retainLongitudinal setBy { name } methods { code } } }
  attributes { tag name action count } rules { rule count } } } } } }`;

async function asked(role: string, text: string, variables: object): Promise<Data> {
  const { json } = await intake.api.post(await intake.api.token(role), { query: text, variables });
  return json;
}
const reportOf = async (uid: string, role = 'COORDINATOR'): Promise<Data> =>
  (await asked(role, reportText, { uid })).data.studies.edges[0].node;
const set = (input: object, role = 'COORDINATOR'): Promise<Data> =>
  asked(role, setText, { input: { siteId: intake.siteId, version: 1, ...options, ...input } });
const setText = `mutation ($input: DeidentificationProfileSetInput!) { deidentificationProfileSet(input: $input) {
  profile { version retainLongitudinal retainPatientCharacteristics setBy { name } setAt methods { code } }
  userErrors { code path ... on ConflictError { current { id } } } } }`;
const profilesText = '{ viewer { sites { edges { node { deidentificationProfiles { version setBy { name } } } } } } }';

test('a study tells those who may know what was done to it, in counts that add up over its files', async () => {
  const { uids } = await intake.store(files);
  const { deidentification: report } = await reportOf(uids[0]!);
  assert.equal(report.instanceCount, files.length);
  assert.deepEqual(report.profiles, [
    {
      instanceCount: files.length,
      profile: {
        ...{ version: 1, retainLongitudinal: true, setBy: null },
        methods: ['113100', '113101', '113103', '113104', '113105', '113107', '113108', '113111'].map((code) => ({
          code,
        })),
      },
    },
  ]);
  const name = report.attributes.find((one: Data) => one.name === 'PatientName');
  assert.deepEqual(name, { tag: '(0010,0010)', name: 'PatientName', action: 'REPLACED', count: files.length });
  assert.ok(report.attributes.some((one: Data) => one.tag === null && one.action === 'REMOVED'));
  assert.ok(report.rules.some((one: Data) => one.rule === 'PRIVATE_NOT_SAFE' && one.count > 0));
  assert.deepEqual((await reportOf(uids[0]!, 'AUDITOR')).deidentification, report);
  // The same files again change nothing and are counted once.
  await intake.store(files);
  assert.deepEqual((await reportOf(uids[0]!)).deidentification, report);
});

test("a reader is not told, and may not choose; another version's caller is told that it is stale", async () => {
  const { services } = intake.api;
  await services.database.inTenant(serviceScope(intake.tenantId), async (db) => {
    const id = crypto.randomUUID();
    const reader = { tenant_id: intake.tenantId, id, name: 'READER', email: 'reader@example.org' };
    await db
      .insertInto('member')
      .values({ ...reader, issuer: intake.api.issuer, subject: 'READER' } as never)
      .execute();
    await db
      .insertInto('member_role')
      .values({ tenant_id: intake.tenantId, member_id: id, role: 'READER' } as never)
      .execute();
  });
  const { uids } = await intake.store(files.slice(0, 1));
  assert.equal((await reportOf(uids[0]!, 'READER')).deidentification, null);
  assert.equal((await set({}, 'READER')).errors[0].extensions.code, 'FORBIDDEN');
  assert.equal((await set({}, 'AUDITOR')).errors[0].extensions.code, 'FORBIDDEN');
  const stale = (await set({ version: 7 })).data.deidentificationProfileSet;
  assert.deepEqual(stale, {
    profile: null,
    userErrors: [{ code: 'STALE', path: ['version'], current: { id: intake.siteId } }],
  });
});

test('a choice holds for later uploads, is a version of its own and is audited', async () => {
  const input = { retainLongitudinal: false, retainPatientCharacteristics: false };
  const { profile, userErrors } = (await set(input)).data.deidentificationProfileSet;
  assert.deepEqual(userErrors, []);
  assert.ok(Date.parse(profile.setAt) > 0);
  assert.deepEqual(
    { ...profile, setAt: '', methods: profile.methods.map(({ code }: Data) => code) },
    {
      ...{
        version: 2,
        retainLongitudinal: false,
        retainPatientCharacteristics: false,
        setBy: { name: 'COORDINATOR' },
        setAt: '',
      },
      methods: ['113100', '113101', '113103', '113104', '113105', '113111'],
    },
  );
  const { viewer } = await intake.ask(profilesText);
  assert.deepEqual(viewer.sites.edges[0].node.deidentificationProfiles, [
    { version: 2, setBy: { name: 'COORDINATOR' } },
    { version: 1, setBy: null },
  ]);
  const other: Buffer[] = [];
  for await (const { bytes } of writePhantomStudy(generatePhantom({ seed: 32, size: 48 })))
    other.push(Buffer.from(bytes));
  const { uids } = await intake.store(other.slice(0, 3));
  const study = await reportOf(uids[0]!);
  assert.deepEqual([study.studyDate, study.ageYears], [null, null]);
  assert.deepEqual(
    study.deidentification.profiles.map((one: Data) => [one.profile.version, one.instanceCount]),
    [[2, 3]],
  );
  const events = await intake.api.services.database.inTenant(serviceScope(intake.tenantId), async (db) => {
    const rows = await db.selectFrom('instance').select('sha256').orderBy('created_at', 'desc').limit(1).execute();
    const stored = await intake.api.services.objects.get(objectKey(intake.tenantId, rows[0]!.sha256));
    const { dataset } = parsePart10(stored);
    assert.equal(dataset.text('LongitudinalTemporalInformationModified'), 'REMOVED');
    assert.equal(dataset.text('PatientAge'), undefined);
    return db.selectFrom('audit_event').selectAll().where('action', '=', 'deidentificationProfileSet').execute();
  });
  assert.equal(events.length, 1);
  assert.deepEqual(events[0]!.changes, { version: 2, ...options, ...input });
});
