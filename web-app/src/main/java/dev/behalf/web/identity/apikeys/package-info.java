/**
 * API keys: personal keys, and the managed keys that are issued with the account and kept encrypted
 * for the workers.
 */
@NullMarked
package dev.behalf.web.identity.apikeys;

import org.jspecify.annotations.NullMarked;
