package dev.behalf.web.site.crypto;

import java.util.List;
import java.util.function.Function;

/**
 * A table with secrets that the {@link Encryption} has encrypted. Its column {@code master_key_id}
 * says with which master key; a bean of this type makes its rows part of a change of that.
 *
 * @param id the columns that say which row
 * @param ciphertexts the columns to encrypt anew; they may be null
 * @param about what the ciphertexts of a row belong to, by its id
 */
public record EncryptedColumns(
    String table,
    List<String> id,
    List<String> ciphertexts,
    Function<List<String>, String> about) {}
