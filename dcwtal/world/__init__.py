"""The procedural sports world: videos drawn by code, with ground truth known before any pixel is drawn.

The stages, each in its own module, from numbers to files:

    poses, clip            what a body does, frame by frame (angles, places, things in the hands)
    sports, waiting        the eight actions, and everything that athletes do between two of them
    script                 a whole video as data: shots, activities, labels, exact segments
    scenery, athlete, …    how a venue, a body, an official and a cut-away look
    render, encode         script -> frames -> mp4
    dataset                many videos, annotations.json, world.json

Nothing here imports torch; import the module that holds what you need.
"""
