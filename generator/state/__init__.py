"""All that is kept between builds, below `.broadsheet/`; it may be deleted at any time.

In come values under the digests of what they were made from, and out they come again for as long
as those are the same, `code_version` among them. What is damaged is noticed, by checksums that are
bound to the place of what they seal, and made anew: nothing here can make a page wrong.

file                      key             holds                   of no use once   if it is damaged
------------------------  --------------  ----------------------  ---------------  -----------------
lock                                      nothing; is locked                       told
faults.txt                                traces, for a report                     nobody reads it
blobs/name                                a name of all values    they are gone    values made anew
blobs/<kind>-<n>.values   digest of what  readings, bodies,       no text has the  told, and all
                          made it         terms                   key              values made anew
blobs/<kind>-<n>.records  the same        places and checksums    no text has the  the same, or
                                          of the values           key              values not there
files.texts               content path    stamp, key of the text  stamp, settings  texts are opened
                                                                  or code are
                                                                  others
files.copies              content path    stamp, digest, sizes    stamp or code    files are opened
                                                                  are others
output-<hex>.outputs      output path     stamp, digest,          file or what     pages are made
                                          fingerprint; last       shows differs    again
                                          build
output-<hex>.site         its build       site of the last        build or frame   site is assembled
                                          build, facts of each    are others
                                          page
output-<hex>.<l>.site     its build       the same in another     the same are     the same
                                          language, `l`           others
output-<hex>.failed                       number of errors        a build          one error
                                                                  succeeds
related.index             terms' keys     how stories are         code is another  found anew
                                          related
related.<l>.index         terms' keys     the same in another     code is another  found anew
                                          language, `l`
layouts.known             their digest    layouts as understood   key is another   layouts are read
compiled/<code>/<name>    layout, source  what Jinja makes of it  code is another  compiled again
images/<code>/<name>      file, variant   pictures cleaned, and   twice as many    made again
                                          in other widths and     are kept as
                                          formats                 there are
cards/<code>/<name>       drawing, fonts  share cards             twice as many    drawn again
                                                                  are kept as
                                                                  there are
deploy/<path>             target's name   Git's copy of its       branch moves on  fetched again
                                          branch

What `<kind>-<n>` tells of is a `Segment`, in which bodies are compressed; `blobs/name`, `lock`,
`faults.txt` and what Git has are files as any; all others are `Journal`s, of which what is damaged
is as good as not there.

A build frees the room of what is of no use once that is much; `broadsheet clean` does at any time.

What no right build needs is kept for what it gives. In seconds of the processor, of 10,000 stories
after an edited body, which takes about one: `layouts.known` 0.10, `compiled/` 0.09, the facts that
each page looked up 2.5, `related.index` 5.
"""
