import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { type Archive, openArchive } from './harness/archive.ts';
import type { Data } from './harness/services.ts';

let archive: Archive;
before(async () => {
  archive = await openArchive();
});
after(() => archive?.api.stop());

const search = async (path: string, who: Parameters<Archive['get']>[0] = 'coordinator'): Promise<Data[]> => {
  const response = await archive.get(who, path);
  assert.equal(response.status, 200, path);
  return (await response.json()) as Data[];
};
const value = (json: Data, tag: string): unknown => json[tag]?.Value?.[0];
const all = (found: Data[], tag: string): unknown[] => found.map((json) => value(json, tag));

test('studies, series and instances are found at every level of the standard', async () => {
  const { study, bravo, flair, label, result } = archive;
  const [one] = await search('/studies');
  assert.deepEqual([value(one, '0020000D'), value(one, '00080020')], [study, '20240229']);
  assert.deepEqual(one['00080061'].Value, ['MR', 'SEG']);
  // Four acquired series, a label and a result; three slices, one, and two SEG.
  assert.deepEqual([value(one, '00201206'), value(one, '00201208')], [6, 6]);
  for (const path of ['/series', `/studies/${study}/series`]) {
    const found = await search(path);
    assert.deepEqual(
      all(found, '0020000E').slice(0, 4),
      [bravo.series, flair.series, label.series, result.series],
      path,
    );
    assert.deepEqual(all(found, '00201209'), [3, 1, 1, 1, 0, 0]);
  }
  for (const path of ['/instances', `/studies/${study}/instances`]) {
    const found = await search(path);
    assert.deepEqual(
      all(found, '00080018'),
      [...bravo.instances, flair.instance, label.instance, result.instance],
      path,
    );
  }
  const slices = await search(`/studies/${study}/series/${bravo.series}/instances`);
  assert.deepEqual(all(slices, '00200013'), [1, 2, 3]);
  assert.deepEqual(all(slices, '00280010'), [12, 12, 12]);
  assert.equal(value(slices[0], '00280030'), undefined);
  // What is searched across studies tells of the study too.
  assert.deepEqual(all(await search('/series'), '00100020'), Array(6).fill(value(one, '00100020')));
});

test('conditions of each level match, and by wildcard, range and list', async () => {
  const { study, bravo, result } = archive;
  const pseudonym = value((await search('/studies'))[0], '00100020') as string;
  const cases: [path: string, count: number][] = [
    [`/studies?PatientID=${pseudonym}`, 1],
    [`/studies?PatientID=${pseudonym.slice(0, -1)}%3F`, 1],
    [`/studies?00100020=*${pseudonym.slice(4)}`, 1],
    [`/studies?PatientName=${pseudonym.slice(0, 6)}*`, 1],
    ['/studies?PatientID=%25', 0],
    ['/studies?StudyDate=20240229', 1],
    ['/studies?StudyDate=20240301-', 0],
    ['/studies?StudyDate=-20240229&ModalitiesInStudy=SEG', 1],
    ['/studies?ModalitiesInStudy=CT,PT', 0],
    ['/studies?ModalitiesInStudy=CT,MR', 1],
    [`/studies?StudyInstanceUID=1.2,${study}`, 1],
    ['/studies?AccessionNumber=1', 0],
    ['/studies?StudyDescription=MR*', 1],
    ['/series?Modality=SEG', 2],
    [`/series?SeriesInstanceUID=${result.series}`, 1],
    ['/series?SeriesDescription=BRA*&StudyDate=20240229', 1],
    ['/series?SeriesNumber=3', 1],
    ['/series?StudyDate=20200101', 0],
    [`/instances?SOPInstanceUID=${bravo.instances[1]}\\${result.instance}`, 2],
    ['/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.66.4', 2],
    [`/instances?Modality=MR&InstanceNumber=2`, 1],
  ];
  for (const [path, count] of cases) assert.equal((await search(path)).length, count, path);
});

test('pages cover everything once, and an answer that is not all says so', async () => {
  const { study, bravo } = archive;
  const whole = all(await search('/instances'), '00080018');
  const paged: unknown[] = [];
  for (let offset = 0; offset < whole.length; offset += 2) {
    const response = await archive.get('coordinator', `/studies/${study}/instances?limit=2&offset=${offset}`);
    const last = offset + 2 >= whole.length;
    assert.equal(
      /^299 metloop "there are further results/.test(response.headers.get('warning') ?? ''),
      !last,
      String(offset),
    );
    paged.push(...all((await response.json()) as Data[], '00080018'));
  }
  assert.deepEqual(paged, whole);
  const unknown = await archive.get('coordinator', '/studies?Manufacturer=x');
  // Without a charset: some clients compare the whole.
  assert.equal(unknown.headers.get('content-type'), 'application/dicom+json');
  assert.match(unknown.headers.get('warning') ?? '', /not applied: Manufacturer/);
  assert.equal((await archive.get('coordinator', '/studies?limit=-1')).status, 400);
  assert.equal((await archive.get('coordinator', '/studies', { accept: 'text/html' })).status, 406);
  const [detailed] = await search(
    `/studies/${study}/series/${bravo.series}/instances?includefield=WindowCenter&limit=1`,
  );
  assert.equal(value(detailed, '00281050'), 100);
});

test('another site, another tenant and a blind reader find only what they may', async () => {
  const { study, bravo, label, result } = archive;
  const within = ['/series', '/instances', `/series/${bravo.series}/instances`].map(
    (path) => `/studies/${study}${path}`,
  );
  for (const who of ['elsewhere', 'stranger'] as const)
    for (const path of ['/studies', '/series', '/instances', ...within, `/studies?StudyInstanceUID=${study}`])
      assert.deepEqual(await search(path, who), [], `${who} ${path}`);
  const hidden = [label.series, result.series, label.instance, result.instance, '"SEG"', 'metastases'];
  const paths = ['/studies', '/series', '/instances', ...within, `/studies/${study}/series/${label.series}/instances`];
  for (const path of [
    ...paths,
    '/series?Modality=SEG',
    `/instances?SOPInstanceUID=${result.instance}`,
    '/instances?includefield=all',
  ]) {
    const text = JSON.stringify(await search(path, 'blind'));
    for (const secret of hidden) assert.ok(!text.includes(secret), `${path} tells the blind reader ${secret}`);
  }
  assert.deepEqual(await search('/studies?ModalitiesInStudy=SEG', 'blind'), []);
  // Another's read is not for a clinician, a version's answer is.
  const [clinical] = await search('/studies', 'clinician');
  assert.deepEqual([value(clinical, '00201206'), value(clinical, '00201208')], [5, 5]);
  const [seen] = await search('/studies', 'blind');
  assert.deepEqual([seen['00080061'].Value, value(seen, '00201206'), value(seen, '00201208')], [['MR'], 4, 4]);
});
