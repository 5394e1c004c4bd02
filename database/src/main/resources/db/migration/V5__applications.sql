-- Applications of others that act for users by OAuth 2, and what each user has allowed them.

create table accounts.applications (
    id            uuid        primary key,
    user_id       uuid        not null references accounts.users (id) on delete cascade, -- the developer
    client_id     text        not null unique,
    secret_hash   text, -- none for a public client: single-page and mobile applications
    name          text        not null,
    redirect_uris text        not null, -- space between
    scopes        text        not null,
    created_at    timestamptz not null
);
create index applications_of_user on accounts.applications (user_id);

-- Of keys that an application has issued, by whatever key of its own: they end with it.
alter table accounts.api_keys add column application_id uuid references accounts.applications (id) on delete cascade;
create index api_keys_of_application on accounts.api_keys (application_id) where application_id is not null;

create table accounts.consents (
    user_id        uuid        not null references accounts.users (id) on delete cascade,
    application_id uuid        not null references accounts.applications (id) on delete cascade,
    scopes         text        not null,
    given_at       timestamptz not null,
    primary key (user_id, application_id)
);
create index consents_of_application on accounts.consents (application_id);

-- Spring Authorization Server's own table (JdbcOAuth2AuthorizationService, oauth2-authorization-schema.sql). Tokens
-- stand here as hashes. The generated columns let it go with its user and with its application.
create table accounts.oauth2_authorization (
    id                            varchar(100) primary key,
    registered_client_id          varchar(100) not null,
    principal_name                varchar(200) not null,
    authorization_grant_type      varchar(100) not null,
    authorized_scopes             varchar(1000),
    attributes                    text,
    state                         varchar(500),
    authorization_code_value      text,
    authorization_code_issued_at  timestamptz,
    authorization_code_expires_at timestamptz,
    authorization_code_metadata   text,
    access_token_value            text,
    access_token_issued_at        timestamptz,
    access_token_expires_at       timestamptz,
    access_token_metadata         text,
    access_token_type             varchar(100),
    access_token_scopes           varchar(1000),
    oidc_id_token_value           text,
    oidc_id_token_issued_at       timestamptz,
    oidc_id_token_expires_at      timestamptz,
    oidc_id_token_metadata        text,
    refresh_token_value           text,
    refresh_token_issued_at       timestamptz,
    refresh_token_expires_at      timestamptz,
    refresh_token_metadata        text,
    user_code_value               text,
    user_code_issued_at           timestamptz,
    user_code_expires_at          timestamptz,
    user_code_metadata            text,
    device_code_value             text,
    device_code_issued_at         timestamptz,
    device_code_expires_at        timestamptz,
    device_code_metadata          text,
    created_at     timestamptz not null default now(),
    user_id        uuid generated always as (principal_name::uuid) stored
        references accounts.users (id) on delete cascade,
    application_id uuid generated always as (registered_client_id::uuid) stored
        references accounts.applications (id) on delete cascade
);
create index oauth2_authorization_of_user on accounts.oauth2_authorization (user_id, application_id);
create index oauth2_authorization_of_application on accounts.oauth2_authorization (application_id);
create index oauth2_authorization_code on accounts.oauth2_authorization (authorization_code_value)
    where authorization_code_value is not null;
create index oauth2_authorization_access on accounts.oauth2_authorization (access_token_value)
    where access_token_value is not null;
create index oauth2_authorization_refresh on accounts.oauth2_authorization (refresh_token_value)
    where refresh_token_value is not null;
create index oauth2_authorization_state on accounts.oauth2_authorization (state) where state is not null;

-- Refresh tokens that were exchanged: whoever shows one again ends the whole family.
create table accounts.spent_refresh_tokens (
    hash             text         primary key,
    authorization_id varchar(100) not null references accounts.oauth2_authorization (id) on delete cascade,
    spent_at         timestamptz  not null
);
create index spent_refresh_tokens_of_family on accounts.spent_refresh_tokens (authorization_id);

-- Sign access tokens: published before the first use and until the last token has expired.
create table accounts.signing_keys (
    id            text        primary key,
    ciphertext    bytea       not null,
    master_key_id text        not null,
    created_at    timestamptz not null,
    signs_from    timestamptz not null
);

grant select, insert, update, delete on accounts.applications, accounts.consents, accounts.oauth2_authorization,
    accounts.spent_refresh_tokens, accounts.signing_keys to ${web};
