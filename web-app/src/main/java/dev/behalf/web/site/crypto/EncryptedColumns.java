package dev.behalf.web.site.crypto;

import java.util.List;
import java.util.function.Function;

/**
 * A table of secrets that {@link Encryption} has encrypted. Its column {@code master_key_id} names
 * the master key of each row. A bean of this type includes the table when the master key is
 * replaced.
 *
 * @param id columns that identify a row
 * @param ciphertexts columns to re-encrypt; they may be null
 * @param about gives the context that a row's ciphertexts are bound to, by the row's id
 */
public record EncryptedColumns(
    String table,
    List<String> id,
    List<String> ciphertexts,
    Function<List<String>, String> about) {}
