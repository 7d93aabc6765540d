"""joblint: will the API server take this Job, and what will it then do?"""
