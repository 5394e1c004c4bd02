-- Passkeys (WebAuthn): public keys with which users sign in instead of a password.
create table accounts.passkeys (
    id                 uuid        primary key,
    user_id            uuid        not null references accounts.users (id) on delete cascade,
    credential_id      bytea       not null unique check (octet_length(credential_id) <= 1023), -- WebAuthn, credential ID
    public_key         bytea       not null check (octet_length(public_key) <= 4096),
    attestation_object bytea       not null check (octet_length(attestation_object) <= 16384),
    signature_count    bigint      not null,
    transports         text        not null check (char_length(transports) <= 100), -- such as "internal,hybrid"
    user_verified      boolean     not null,
    backup_eligible    boolean     not null,
    backup_state       boolean     not null,
    label              text        not null check (char_length(label) between 1 and 60),
    created_at         timestamptz not null,
    used_at            timestamptz
);
create index passkeys_by_user on accounts.passkeys (user_id, id);
grant select, insert, update, delete on accounts.passkeys to ${web};
