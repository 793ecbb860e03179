// The targets in Precompiled.cmake exist for their headers. CMake wants a source to tell the language of a target by.
