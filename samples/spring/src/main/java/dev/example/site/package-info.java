/** A site with its own users, whose button runs through Behalf. */
@NullMarked
package dev.example.site;

import org.jspecify.annotations.NullMarked;
