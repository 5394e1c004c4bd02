-- How a person wants to see the pages, in every browser. Empty: as the browser says.
alter table accounts.users
    add column theme     text not null default '' check (theme in ('', 'light', 'dark')),
    add column language  text not null default '' check (language in ('', 'en', 'zh-CN')),
    add column time_zone text not null default 'UTC';
