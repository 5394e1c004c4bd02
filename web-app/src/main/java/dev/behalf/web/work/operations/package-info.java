/**
 * The operations of the installation: what a user may run, applying definitions, and the form, the
 * documentation and the API description that are made from a definition.
 */
@NullMarked
package dev.behalf.web.work.operations;

import org.jspecify.annotations.NullMarked;
