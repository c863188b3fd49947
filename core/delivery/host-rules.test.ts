import assert from 'node:assert/strict';
import test from 'node:test';
import { hostOf, mayBeSet, mayConnect, parseHostRules } from './host-rules.ts';
import { readDeliverySettings } from './settings.ts';

const rules = parseHostRules('pacs.example.org, .clinic.example, 10.20.0.0/16, 192.168.7.4, fd12:3456::/32');
const hostIn = (address: string): string => hostOf(new URL(address));

test('listed names, names below a listed one, and listed ranges may be set up', () => {
  for (const host of ['pacs.example.org', 'PACS.example.org', 'a.b.clinic.example', '10.20.3.4', '192.168.7.4'])
    assert.ok(mayBeSet(rules, host), host);
  assert.ok(mayBeSet(rules, hostIn('https://[fd12:3456::7]/dicom-web')));
  for (const host of ['10.21.0.1', '192.168.7.5', '8.8.8.8', '127.0.0.1', '169.254.169.254', 'fd12:3457::1'])
    assert.ok(!mayBeSet(rules, host), host);
  const named = parseHostRules('pacs.example.org,.clinic.example');
  for (const host of ['pacs.example.org.evil.example', 'evilclinic.example', 'clinic.example', 'localhost'])
    assert.ok(!mayBeSet(named, host), host);
  assert.ok(!mayBeSet(parseHostRules(''), 'pacs.example.org'));
});

test('a name is connected to where its address is listed, or where the name is and the address is none of this machine', () => {
  assert.ok(mayConnect(rules, 'pacs.example.org', '203.0.113.7'));
  assert.ok(mayConnect(rules, 'unlisted.example', '10.20.0.9'));
  assert.ok(!mayConnect(rules, 'unlisted.example', '10.30.0.9'));
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    assert.ok(!mayConnect(rules, 'pacs.example.org', address), address);
  assert.ok(mayConnect(parseHostRules('127.0.0.0/8'), 'localhost', '127.0.0.1'));
});

test('link-local, metadata, multicast and disguised addresses are refused whatever is listed', () => {
  const everything = parseHostRules('0.0.0.0/0, ::/0, metadata.google.internal');
  for (const address of [
    ...[
      '169.254.169.254',
      '169.254.0.1',
      '100.100.100.200',
      '168.63.129.16',
      '192.0.0.192',
      '0.0.0.0',
      '255.255.255.255',
    ],
    ...['239.1.2.3', 'fe80::1', 'fd00:ec2::254', 'ff02::1', '::', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe'],
    ...['2002:a9fe:a9fe::1', '::ffff:a9fe:a9fe'],
  ]) {
    assert.ok(!mayConnect(everything, 'metadata.google.internal', address), address);
    assert.ok(!mayBeSet(everything, address), address);
  }
  // As addresses are written to slip through.
  for (const address of ['http://2852039166/', 'http://0xa9.254.169.254/', 'http://0251.0376.0251.0376/'])
    assert.ok(!mayBeSet(everything, hostIn(address)), address);
  assert.ok(mayConnect(everything, 'x', '8.8.8.8'));
  assert.ok(mayConnect(everything, 'x', '2a00:1450::1'));
});

test('what is no list is refused by name', () => {
  for (const text of ['10.0.0.0/33', '10.0.0.0/', 'fd00::/129', '10.0.0.0/x', 'http://pacs', 'a b', '-x.example'])
    assert.throws(() => readDeliverySettings({ DESTINATION_HOSTS: text }), /DESTINATION_HOSTS/, text);
  assert.throws(() => readDeliverySettings({ DESTINATION_KEY: 'short' }), /DESTINATION_KEY/);
  assert.equal(readDeliverySettings({}).key, undefined);
});
