#!/bin/sh
# Makes the two roles and the database at PostgreSQL's first start: the owner changes tables, the application's role serves.
set -eu
psql -v ON_ERROR_STOP=1 -v owner_password="$METLOOP_OWNER_PASSWORD" -v app_password="$METLOOP_APP_PASSWORD" \
  --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role metloop_owner login nosuperuser nocreatedb nocreaterole nobypassrls password :'owner_password';
create role metloop_app login nosuperuser nocreatedb nocreaterole nobypassrls password :'app_password';
create database metloop owner metloop_owner;
revoke all on database metloop from public;
grant connect on database metloop to metloop_app;
SQL
