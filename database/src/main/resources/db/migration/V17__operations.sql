-- Operations are data: a definition is stored in versions, none of which ever changes.

create table jobs.operations (
    name       text        primary key check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    version    integer     not null check (version > 0),
    retired_at timestamptz,
    changed_at timestamptz not null
);
comment on table jobs.operations is 'The operations that jobs can ask for, with the version that new jobs get.';
comment on column jobs.operations.retired_at is 'Since when no new job may ask for it; jobs of all its versions still run.';

create table jobs.operation_versions (
    name       text        not null references jobs.operations (name),
    version    integer     not null,
    definition text        not null check (octet_length(definition) <= 512 * 1024),
    source     text        not null check (octet_length(source) <= 1024 * 1024),
    digest     bytea       not null,
    applied_by text        not null,
    applied_at timestamptz not null,
    primary key (name, version)
);
comment on column jobs.operation_versions.definition is 'The definition as JSON.';
comment on column jobs.operation_versions.source is 'The file as it was applied, with its comments.';
comment on column jobs.operation_versions.digest is 'SHA-256 of the definition: the same content makes no new version.';
comment on column jobs.operation_versions.applied_by is 'behalf (shipped), folder, an operator''s id, or the database login of the command.';

-- Jobs from before this version ran the definitions that are now version 1.
alter table jobs.jobs add column operation_version integer not null default 1;
alter table compute.results add column operation_version integer not null default 1;
alter table compute.ledger add column operation_version integer not null default 1;

-- Stores a definition, unless the current version has the same content, and returns the version.
-- Shipped definitions and those of a folder neither bring back what an operator has retired nor,
-- if shipped, replace what somebody else has applied.
create function jobs.apply_operation(p_name text, p_definition text, p_source text, p_digest bytea, p_by text)
returns integer language plpgsql as $$
declare
    known   jobs.operations;
    current jobs.operation_versions;
begin
    perform pg_advisory_xact_lock(hashtext('jobs.apply_operation'));
    select * into known from jobs.operations where name = p_name for update;
    if not found then
        insert into jobs.operations values (p_name, 1, null, now());
        insert into jobs.operation_versions values (p_name, 1, p_definition, p_source, p_digest, p_by, now());
        perform pg_notify('behalf_operations', p_name);
        return 1;
    end if;
    select * into current from jobs.operation_versions where name = p_name and version = known.version;
    if p_by in ('behalf', 'folder') and known.retired_at is not null then
        return known.version;
    end if;
    if p_by = 'behalf' and current.applied_by <> 'behalf' then
        return known.version;
    end if;
    if current.digest = p_digest and known.retired_at is null then
        return known.version;
    end if;
    if current.digest <> p_digest then
        known.version := known.version + 1;
        insert into jobs.operation_versions
        values (p_name, known.version, p_definition, p_source, p_digest, p_by, now());
    end if;
    update jobs.operations set version = known.version, retired_at = null, changed_at = now() where name = p_name;
    perform pg_notify('behalf_operations', p_name);
    return known.version;
end $$;

-- Ends the use of an operation by new jobs; returns whether there is one that was in use.
create function jobs.retire_operation(p_name text)
returns boolean language plpgsql as $$
begin
    update jobs.operations set retired_at = now(), changed_at = now() where name = p_name and retired_at is null;
    if not found then
        return false;
    end if;
    perform pg_notify('behalf_operations', p_name);
    return true;
end $$;

grant select, insert, update on jobs.operations to ${web};
grant select, insert on jobs.operation_versions to ${web};
grant usage on schema jobs to ${compute};
grant select on jobs.operations, jobs.operation_versions to ${compute};
revoke execute on function jobs.apply_operation, jobs.retire_operation from public;
grant execute on function jobs.apply_operation, jobs.retire_operation to ${web};

-- What an operation can ask of its users, beside a scope: see "users" in a definition.
alter table accounts.users add column permissions text not null default ''
    check (permissions ~ '^([a-z][a-z0-9-]{0,30}( [a-z][a-z0-9-]{0,30}){0,49})?$');
comment on column accounts.users.permissions is 'Names that definitions of operations refer to, separated by spaces.';
grant select (id, permissions) on accounts.users to ${compute};
drop trigger tell_changed on accounts.users;
create trigger tell_changed after update of scopes, permissions or delete on accounts.users
    for each row execute function accounts.tell_user_changed();
