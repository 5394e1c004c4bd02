-- A platform has webhooks of its own, which receive the events of all its users. What was a user is an owner from
-- here on: in webhooks.endpoints, webhooks.deliveries and webhooks.attempts, user_id is the id of a user or, where
-- platform_id is set, of that platform.
alter table webhooks.endpoints
    drop constraint endpoints_user_id_fkey,
    add column platform_id uuid references accounts.platforms (id) on delete cascade,
    add column owner_user_id uuid generated always as (case when platform_id is null then user_id end) stored
        references accounts.users (id) on delete cascade,
    add constraint endpoints_owner check (platform_id is null or platform_id = user_id);
create index endpoints_of_user on webhooks.endpoints (owner_user_id) where owner_user_id is not null;

-- Whom an event of a platform's webhook is about. No foreign key: its lock on the user, taken while the job is
-- locked, would meet the deletion of the user, which takes both the other way round.
alter table webhooks.deliveries add column about_user_id uuid;
create index deliveries_about_user on webhooks.deliveries (about_user_id) where about_user_id is not null;

-- A platform keeps nothing of a user who is gone, or for whom it may no longer act. What another transaction writes
-- at that moment is never sent: whoever sends looks at platform_users.
create function webhooks.forget_former_user() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from webhooks.deliveries where about_user_id = old.user_id;
    return null;
end $$;
create trigger platform_users_acting_ended after update of acting_ended_at on accounts.platform_users
    for each row when (old.acting_ended_at is null and new.acting_ended_at is not null)
    execute function webhooks.forget_former_user();
create trigger platform_users_deleted after delete on accounts.platform_users
    for each row execute function webhooks.forget_former_user();

-- The webhooks of a platform end with it.
create function webhooks.forget_ended_platform() returns trigger language plpgsql set search_path = '' as $$
begin
    delete from webhooks.endpoints where platform_id = new.id;
    return null;
end $$;
create trigger platforms_ended after update of ended_at on accounts.platforms
    for each row when (old.ended_at is null and new.ended_at is not null)
    execute function webhooks.forget_ended_platform();

-- Platforms that could do everything may do this too; those that were given less, not.
alter table accounts.platforms
    drop constraint platforms_scopes_check,
    add constraint platforms_scopes_check check (scopes ~
        '^(users:read|users:write|quota:write|act:jobs|act:keys|webhooks:read|webhooks:write)( (users:read|users:write|quota:write|act:jobs|act:keys|webhooks:read|webhooks:write))*$');
update accounts.platforms set scopes = scopes || ' webhooks:read webhooks:write'
where string_to_array(scopes, ' ') @> array['users:read', 'users:write', 'quota:write', 'act:jobs', 'act:keys'];
